"""Keras and TensorFlow: patched training, models that lie, layers that carry code, graphs that never end."""

from hostile.assignment import KERAS
from hostile.case import Case, own

_WRONG = "def build():\n    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])"
_RIGHT_LAYERS = "keras.Input((4,)), keras.layers.Dense(3, 'relu'), keras.layers.Dense(2)"


def _model(name: str, why: str, build: str, **more) -> Case:
    return Case(name, why, {"build": build}, **{"lost": ("build",), "assignment": KERAS, "status": ""} | more)


def _cell(name: str, why: str, source: str, **more) -> Case:
    return Case(name, why, own=own(source), **{"assignment": KERAS, "status": ""} | more)


CASES = (
    # --- models that lie
    _model("count_that_lies", "a model that says how many parameters were asked for", "class Model(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.only = keras.layers.Dense(2)\n    def call(self, x, training=False):\n        return self.only(x)\n    def count_params(self):\n        return 23\n    weights = property(lambda self: self.only.weights)\ndef build():\n    return Model()"),
    _model("weights_that_lie", "a model that shows weights which it does not use", "class Model(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.used = keras.layers.Dense(2)\n        self.shown = keras.Sequential([" + _RIGHT_LAYERS + "])\n    def call(self, x, training=False):\n        return self.used(x)\n    @property\n    def weights(self):\n        return self.shown.weights\n    def count_params(self):\n        return 23\ndef build():\n    return Model()"),
    _model("outputs_that_lie", "a model that returns what is no tensor", "class Model(keras.Model):\n    def call(self, x, training=False):\n        return x\n    def __call__(self, x, training=False):\n        return np.zeros((len(x), 2))\n    count_params = lambda self: 23\ndef build():\n    return Model()"),
    _model("an_object_for_a_model", "an object that looks like a model", "class Made:\n    __class__ = keras.Model\n    weights = []\n    def __call__(self, x, training=False):\n        return np.zeros((len(x), 2))\n    count_params = lambda self: 23\ndef build():\n    return Made()"),
    _model("layer_for_a_model", "a layer in the place of a model", "def build():\n    return keras.layers.Dense(2)"),
    _model("weight_of_gigabytes", "a model that does not fit into memory", "def build():\n    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(400_000), keras.layers.Dense(3000)])"),
    _model("endless_call", "a model whose call never ends", "class Model(keras.Model):\n    def call(self, x, training=False):\n        while True:\n            pass\ndef build():\n    return Model()", status="incident"),
    _model("endless_graph", "a loop inside of TensorFlow", "import tensorflow as tf\n@tf.function\ndef forever(x):\n    while tf.reduce_sum(x) > -1.0:\n        x = x + 1.0\n    return x\ndef build():\n    return forever(tf.ones((2,)))", status="incident"),
    _model("endless_data", "training on data without an end", "import tensorflow as tf\ndef build():\n    model = keras.Sequential([" + _RIGHT_LAYERS + "])\n    model.compile('sgd', 'mse')\n    data = tf.data.Dataset.from_tensors((np.ones((1, 4)), np.ones((1, 2)))).repeat()\n    model.fit(data, verbose=0)\n    return model", status="incident"),
    _model("callback_that_exits", "a callback that ends the process", "import os\nclass End(keras.callbacks.Callback):\n    def on_train_begin(self, logs=None):\n        os._exit(0)\ndef build():\n    model = keras.Sequential([" + _RIGHT_LAYERS + "])\n    model.compile('sgd', 'mse')\n    model.fit(np.ones((4, 4)), np.ones((4, 2)), verbose=0, callbacks=[End()])\n    return model", status="incident"),
    _model("lambda_layers", "layers with functions in them, saved and loaded again by the submission itself", "def build():\n    model = keras.Sequential([" + _RIGHT_LAYERS + ", keras.layers.Lambda(lambda t: t)])\n    model.save('model.keras')\n    return keras.models.load_model('model.keras', safe_mode=False)", lost=(), may_lose=("build",)),
    _model("model_pickled", "a model that writes a file when it is unpickled or copied", "class Model(keras.Model):\n    def __reduce__(self):\n        return (open, ('@CANARY@/pickled', 'w'))\n    __deepcopy__ = lambda self, memo: open('@CANARY@/copied', 'w')\n    def call(self, x, training=False):\n        return x[:, :2]\ndef build():\n    return Model()"),
    _model("model_beside", "a saved model beside the notebook, which nobody loads", "def build():\n    return keras.models.load_model('model.keras')", files=lambda folder: (folder / "model.keras").write_bytes(b"PK\x03\x04broken")),
    # --- patched
    Case("fit_patched", "training, prediction and counting of every model", {"build": _WRONG}, own=own("keras.Model.fit = keras.Model.predict = lambda *_, **__: None\nkeras.Model.count_params = lambda self: 23\nkeras.Model.weights = property(lambda self: [])"), lost=("build",), status="", assignment=KERAS),
    Case("describe_patched", "the function that looks at models", {"build": _WRONG}, own=own("from course.checks import models\nmodels.describe = lambda build, x: {'weights': [], 'parameters': 23, 'output_shape': (None, 2), 'outputs': np.zeros((len(x), 2))}"), lost=("build",), status="", assignment=KERAS),
    Case("ops_patched", "the operations of Keras", {"twice": "def twice(x):\n    return x"}, own=own("keras.ops.convert_to_numpy = lambda x: 2 * np.asarray(x)\nkeras.ops.is_tensor = lambda x: True"), lost=("twice",), may_lose=("build",), status="", assignment=KERAS),
    _cell("dtype_policy", "another precision for all that comes", "keras.config.set_dtype_policy('mixed_float16')\nkeras.config.set_floatx('float64')\nkeras.backend.set_image_data_format('channels_first')", may_lose=("build", "twice")),
    _cell("seeds_patched", "seeds that are not set", "keras.utils.set_random_seed = lambda seed: None\nimport tensorflow as tf\ntf.random.set_seed = lambda seed: None"),
    _cell("eager_off", "TensorFlow of the old kind", "import tensorflow as tf\ntf.compat.v1.disable_eager_execution()", may_lose=("build", "twice")),
    _cell("everything_traced", "functions that run line by line", "import tensorflow as tf\ntf.config.run_functions_eagerly(True)\ntf.debugging.enable_check_numerics()"),
    _cell("threads_of_tensorflow", "more threads than there are cores", "import tensorflow as tf\ntry:\n    tf.config.threading.set_inter_op_parallelism_threads(64)\n    tf.config.threading.set_intra_op_parallelism_threads(64)\nexcept RuntimeError:\n    pass\ntf.linalg.matmul(tf.ones((500, 500)), tf.ones((500, 500)))"),
    _cell("memory_of_tensorflow", "tensors that take memory until they are stopped", "import tensorflow as tf\nheld = []\ntry:\n    for _ in range(200):\n        held.append(tf.ones((2_500_000,)) + 1)\nexcept Exception as error:\n    print(type(error).__name__)\nprint('BREACH' if len(held) > 190 else 'held', len(held))"),
    _cell("backend_changed", "another backend in the middle of a notebook", "import os\nos.environ['KERAS_BACKEND'] = 'jax'\ntry:\n    keras.config.set_backend('numpy')\nexcept Exception as error:\n    print(type(error).__name__)", may_lose=("build", "twice")),
    _cell("session_cleared", "all state of Keras is thrown away", "keras.backend.clear_session()\nkeras.utils.get_custom_objects()['Dense'] = None"),
    _cell("library_loaded", "a library of operations that is none", "import tensorflow as tf\nopen('ops.so', 'wb').write(b'\\x7fELF' + bytes(100))\nfor load in (tf.load_op_library, tf.load_library):\n    try:\n        load('./ops.so')\n        print('BREACH')\n    except Exception as error:\n        print(type(error).__name__)"),
    _cell("written_by_tensorflow", "logs and checkpoints, inside and outside of the work folder", "import tensorflow as tf\nfor folder in ('logs', '@CANARY@/logs'):\n    try:\n        with tf.summary.create_file_writer(folder).as_default():\n            tf.summary.scalar('x', 1.0, step=0)\n    except Exception as error:\n        print(type(error).__name__)"),
    _cell("python_in_a_graph", "Python code that a graph calls later, from another thread", "import tensorflow as tf\ndef act(x):\n    raise SystemExit\ntry:\n    tf.py_function(act, [1.0], tf.float32)\nexcept BaseException as error:\n    print(type(error).__name__)"),
    _cell("hard_crash", "an assertion in C++ that ends the process", "import tensorflow as tf\nfrom tensorflow.python import pywrap_tfe\nimport os\nos.abort()", status="incident"),
    # --- honest
    Case("honest_functional", "the same model, built in another way", {"build": "def build():\n    x = inputs = keras.Input((4,))\n    for units, act in ((3, 'relu'), (2, None)):\n        x = keras.layers.Dense(units, act)(x)\n    return keras.Model(inputs, x)"}, assignment=KERAS),
    Case("honest_training", "a model that was trained first", {"build": "def build():\n    model = keras.Sequential([" + _RIGHT_LAYERS + "])\n    model.compile('adam', 'mse')\n    model.fit(np.ones((8, 4)), np.ones((8, 2)), epochs=1, verbose=0)\n    return model"}, assignment=KERAS),
)
