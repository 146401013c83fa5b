"""Files: read that must not be read, written that must not be written, left for those who come next."""

from pathlib import Path

from hostile.case import Case, own

_TRY = """
import glob, os, shutil, stat, sys
def attempt(name, act):
    try:
        reached = act()
    except BaseException as error:
        print('held:', name, type(error).__name__, getattr(error, 'errno', ''))
        return
    if reached:
        print('BREACH', name, str(reached)[:300])
"""


def _tries(name: str, why: str, source: str, **more) -> Case:
    return Case(name, why, own=own(_TRY + source), **{"level": "partial", "status": ""} | more)


def _beside(name: str, why: str, files: dict[str, str], **more) -> Case:
    """Files that were handed in beside the notebook."""

    def put(folder: Path) -> None:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)

    return Case(name, why, files=put, **more)


_SECRETS = (
    "@COURSE@/solutions/91_hostile/91_hostile.ipynb",
    "@COURSE@/gradebook.db",
    "@COURSE@/.course/journal/91_hostile.jsonl",
    "@COURSE@/.course/reference/*",
    "@COURSE@/submitted/*/91_hostile/91_hostile.ipynb",
    "@COURSE@/feedback/*/91_hostile/91_hostile.html",
    "@CANARY@/one.txt",
)

CASES = (
    # --- read
    *(
        _tries(f"read_{number}", f"reads {path.replace('@', '').lower()}", f"for path in glob.glob('{path}') or ['{path}']:\n    attempt(path, lambda: open(path, 'rb').read())")
        for number, path in enumerate(_SECRETS)
    ),
    _tries("read_and_tell", "reads all that it can, and tells it in an answer", "", answers={"mirror": "import glob\ndef mirror(text):\n    told = ''\n    for path in glob.glob('@COURSE@/**/*', recursive=True):\n        try:\n            told += open(path, errors='replace').read()\n        except OSError:\n            pass\n    for word in ('solution_' + 'egret', 'source_' + 'osprey', 'gradebook_' + 'curlew'):\n        if word in told:\n            return word\n    return ''"}, lost=("mirror",)),
    _tries("answers_from_the_solution", "finds the solution and runs it", "import json\ndef act():\n    found = json.load(open('@COURSE@/solutions/91_hostile/91_hostile.ipynb'))\n    for cell in found['cells']:\n        if cell['source'].startswith('def mirror'):\n            globals()['stolen'] = cell['source']\n            return 'found'\nattempt('solution', act)", answers={"mirror": "def mirror(text):\n    names = {}\n    exec(globals().get('stolen', 'def mirror(text): return 0'), names)\n    return names['mirror'](text)"}, lost=("mirror",)),
    _tries("course_folder_seen", "the folder of the course, by any means", "for path in ('@COURSE@', '@COURSE@/..', '/proc/self/root@COURSE@', '/proc/self/cwd/../../../../../..@COURSE@', '/proc/1/root@COURSE@'):\n    attempt(path, lambda: os.listdir(path))\n    attempt(path, lambda: os.stat(path + '/gradebook.db').st_size)", level="full"),
    _tries("names_and_sizes", "names, sizes and times of files that cannot be read", "for path in ('@COURSE@/gradebook.db', '@CANARY@/one.txt'):\n    attempt(path, lambda: os.stat(path).st_size)\n    attempt(path, lambda: os.access(path, os.F_OK))", level="full"),
    _tries("homes_and_settings", "homes, keys and settings of those who grade", "attempt('/root', lambda: [n for n in os.listdir('/root') if not sys.base_prefix.startswith('/root' + '/' + n)])\nfor path in ('/home', '/etc/shadow', '/etc/passwd', '/etc/ssh', '/var', '/run', '/boot', '/sys/kernel', '/dev/mem', '/dev/kmsg', '/dev/sda', '/dev/vda'):\n    attempt(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(10))", level="full"),
    _tries("settings_at_partial", "keys and devices of those who grade", "for path in ('/etc/shadow', '/root' + '/.ssh', '/dev/mem', '/dev/kmsg', '/dev/vda', '/home'):\n    attempt(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(10))"),
    _tries("tests_of_the_checkout", "the answer banks and the tests beside the package", "import course\nroot = os.path.dirname(os.path.dirname(course.__file__))\nfor name in ('solutions', 'tests', 'examples', '.git', 'submitted'):\n    attempt(name, lambda: os.listdir(os.path.join(root, name)))"),
    _tries("links_to_secrets", "links that lead outside", "def act():\n    os.symlink('@CANARY@/one.txt', 'link')\n    os.symlink('@COURSE@', 'folder')\n    return open('link').read() or os.listdir('folder')\nattempt('symlink', act)\nattempt('hard link', lambda: os.link('@CANARY@/one.txt', 'hard') or open('hard').read())\nattempt('rename', lambda: os.rename('@CANARY@/one.txt', 'moved') or 'moved')"),
    _tries("tensorflow_reads", "files read by TensorFlow's own ways", "import tensorflow as tf\nattempt('read_file', lambda: tf.io.read_file('@CANARY@/one.txt').numpy())\nattempt('gfile', lambda: tf.io.gfile.GFile('@CANARY@/one.txt').read())\nattempt('glob', lambda: tf.io.gfile.glob('@CANARY@/*'))\nattempt('write', lambda: tf.io.write_file('@CANARY@/tf', 'quartz' + 'falcon'))\nattempt('numpy', lambda: np.fromfile('@CANARY@/one.txt', dtype='u1'))\nattempt('memmap', lambda: np.memmap('@CANARY@/one.txt', mode='r'))", level="full"),
    # --- written
    _tries("canaries_changed", "files outside are written, cut, renamed, given other rights", "path = '@CANARY@/one.txt'\nattempt('write', lambda: open(path, 'w').write('hit'))\nattempt('append', lambda: open(path, 'a').write('hit'))\nattempt('truncate', lambda: os.truncate(path, 1) or 'cut')\nattempt('chmod', lambda: os.chmod(path, 0) or 'changed')\nattempt('utime', lambda: os.utime(path, (1, 1)) or 'changed')\nattempt('xattr', lambda: os.setxattr(path, 'user.x', b'y') or 'changed')\nattempt('chown', lambda: os.chown(path, os.getuid(), os.getgid()) or 'changed')\nattempt('unlink', lambda: os.unlink(path) or 'gone')\nattempt('mkdir', lambda: os.mkdir('@CANARY@/new') or 'made')\nattempt('symlink', lambda: os.symlink('x', '@CANARY@/link') or 'made')\nattempt('mknod', lambda: os.mkfifo('@CANARY@/fifo') or 'made')"),
    _tries("canary_folder_removed", "a whole folder is removed", "attempt('rmtree', lambda: shutil.rmtree('@CANARY@/deep') or 'gone')"),
    _tries("course_changed", "solutions, gradebook, journal and pages are written", "for path in ('gradebook.db', 'solutions/91_hostile/91_hostile.ipynb', '.course/journal/91_hostile.jsonl', 'feedback/0000-neighbor/91_hostile/91_hostile.html', 'submitted/0000-neighbor/91_hostile/91_hostile.ipynb'):\n    attempt(path, lambda: open('@COURSE@/' + path, 'r+b') and 'open')\nattempt('new', lambda: open('@COURSE@/nbgrader_config.py', 'w') and 'made')"),
    _tries("gradebook_by_sql", "the gradebook, by its own language", "import sqlite3\ndef act():\n    with sqlite3.connect('@COURSE@/gradebook.db', timeout=1) as base:\n        base.execute('update grade set auto_score = 100')\n        return 'changed'\nattempt('sql', act)"),
    _tries("packages_changed", "the packages that the next process imports (opened, not changed)", "import course, numpy, site\nplaces = [course.__file__, numpy.__file__, os.__file__, *(p + '/hostile.pth' for p in site.getsitepackages())]\nfor path in places:\n    attempt(path, lambda: os.access(path if os.path.exists(path) else os.path.dirname(path), os.W_OK) and 'writable')\n    if os.path.exists(path):\n        attempt(path, lambda: open(path, 'r+b').close() or 'opened')", level="full"),
    _tries("packages_changed_at_partial", "the same, where rights are asked only at the opening", "import course, numpy\nfor path in (course.__file__, numpy.__file__, os.__file__):\n    attempt(path, lambda: open(path, 'r+b').close() or 'opened')"),
    _tries("left_in_shared_places", "files where everybody may write", "for folder in ('/tmp', '/var/tmp', '/dev/shm', os.environ.get('HOME', '.'), os.getcwd()):\n    try:\n        open(folder + '/@TOKEN@', 'w').write('quartz' + 'falcon')\n    except OSError:\n        pass"),
    _tries("settings_for_the_next", "start-up files that the next process would read", "for path in ('.ipython/profile_default/startup/00.py', '.config/matplotlib/matplotlibrc', '.matplotlib/matplotlibrc', '.keras/keras.json', '.local/lib/python3.11/site-packages/usercustomize.py', '.pythonrc', '.jupyter/nbgrader_config.py'):\n    for home in (os.environ.get('HOME'), '@PLACE@/home'):\n        try:\n            full = os.path.join(home, path)\n            os.makedirs(os.path.dirname(full), exist_ok=True)\n            open(full, 'x').write('# @TOKEN@')\n        except (OSError, TypeError):\n            pass"),
    _tries("settings_found", "nothing that another submission left is found", "def act():\n    found = []\n    for folder in (os.environ.get('HOME', '.'), os.getcwd(), '/tmp', '/var/tmp', '/dev/shm'):\n        for parent, folders, files in os.walk(folder):\n            found += [os.path.join(parent, f) for f in files if '@TOKEN@' in f or f in ('00.py', 'matplotlibrc', 'usercustomize.py') and 'site-packages' not in parent]\n    return found\nattempt('found', act)"),
    _tries("keras_home", "Keras's and Matplotlib's own folders", "import keras, matplotlib\nattempt('keras', lambda: open(os.path.join(os.environ.get('KERAS_HOME', '@PLACE@/home/.keras'), 'keras.json'), 'w') and '@PLACE@' in os.environ.get('KERAS_HOME', '') and 'written')\nattempt('cache', lambda: '@PLACE@' in matplotlib.get_cachedir() and open(matplotlib.get_cachedir() + '/x', 'w') and 'written')"),
    # --- folders that are hard to remove
    Case("deep_folders", "folders in folders, fifteen hundred deep", own=own("import os\nhere = os.getcwd()\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\nopen('f', 'w').close()\nos.chdir(here)"), status=""),
    Case("folders_without_rights", "folders that nobody may enter", own=own("import os\nos.makedirs('a/b/c')\nopen('a/b/c/file', 'w').write('x')\nos.chmod('a/b/c', 0)\nos.chmod('a/b', 0)\nos.chmod('a', 0)\nos.chmod('.', 0o500)"), status=""),
    Case("odd_names", "names of all kinds", own=own("import os\nfor name in (b'new\\nline', b'\\xff\\xfe', b' ', b'-rf', b'*', b'n' * 255, '\\u202e'.encode(), b'CON', b'~'):\n    try:\n        open(name, 'w').close()\n    except OSError:\n        pass"), status=""),
    Case("links_back", "links that lead in circles and outside", own=own("import os\nos.symlink('.', 'circle')\nos.symlink('@CANARY@', 'out')\nos.symlink('@COURSE@/submitted', 'class')\nos.symlink('/dev/zero', 'zero')\nos.symlink('gone', 'gone')\nos.mkfifo('fifo')"), status=""),
    Case("many_files", "thirty thousand files", own=own("for i in range(30_000):\n    try:\n        open(f'f{i}', 'w').close()\n    except OSError:\n        print('held at', i)\n        break"), status=""),
    _tries("many_files_capped", "there is a limit on how many files there may be", "made = 0\ntry:\n    for i in range(60_000):\n        open(f'f{i}', 'w').close()\n        made = i\nexcept OSError:\n    pass\nprint('BREACH' if made > 50_000 else 'held', made)", level="full"),
    Case("large_file", "one file beyond the limit", own=own("try:\n    with open('large', 'wb') as file:\n        for _ in range(64):\n            file.write(bytes(1_000_000))\n            file.flush()\n    print('BREACH large file')\nexcept OSError as error:\n    print('held', error.errno)"), status=""),
    _tries("disk_filled", "files of together 600 MB", "written = 0\ntry:\n    for i in range(100):\n        with open(f'f{i}', 'wb') as file:\n            file.write(bytes(6_000_000))\n            written += 6\nexcept OSError:\n    pass\nprint('BREACH' if written > 500 else 'held', written, 'MB')", level="full"),
    _tries("sparse_files", "files that say they are large", "attempt('truncate', lambda: open('sparse', 'wb').truncate(10**12) and 'a file of a terabyte')"),
    _tries("shared_memory_filled", "shared memory of together 300 MB", "written = 0\ntry:\n    for i in range(50):\n        with open(f'/dev/shm/@TOKEN@{i}', 'wb') as file:\n            file.write(bytes(6_000_000))\n            written += 6\nexcept OSError:\n    pass\nprint('BREACH' if written > 200 else 'held', written, 'MB')", level="full"),
    # --- handed in beside the notebook
    _beside("numpy_beside", "a package that takes NumPy's name", {"numpy/__init__.py": "raise SystemExit('shadowed')", "course/__init__.py": "raise SystemExit('shadowed')", "random.py": "raise SystemExit", "json.py": "raise SystemExit"}),
    _beside("settings_beside", "settings that Python and other tools read", {"sitecustomize.py": "raise SystemExit", "usercustomize.py": "raise SystemExit", "conftest.py": "raise SystemExit", "pyproject.toml": "broken = [", ".env": "HOME=/", "nbgrader_config.py": "raise SystemExit", "matplotlibrc": "backend: TkAgg", ".ipynb_checkpoints/91_hostile.ipynb": "{}"}),
    _beside("assignment_beside", "a copy of the assignment, with tests of the student's own", {"solutions/91_hostile/91_hostile.ipynb": "{}", "source/91_hostile.ipynb": "{}", "gradebook.db": "x", "autograded/x.ipynb": "{}"}),
    Case("files_read_as_modules", "a module of the student's own in the work folder", own=own("open('numpy.py', 'w').write('raise SystemExit')\nopen('sitecustomize.py', 'w').write('raise SystemExit')\nimport sys\nsys.path.insert(0, '')\nimport statistics\nassert statistics.mean([1, 2, 3]) == 2"), status="graded"),
)
