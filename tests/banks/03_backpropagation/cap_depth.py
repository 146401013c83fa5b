# %% right="search_and_memory"
def cap_depth(links, output):
    ahead = {}
    for source, target, _ in links:
        ahead.setdefault(source, []).append(target)

    def reachable(start, neighbors):
        found, waiting = {start}, [start]
        while waiting:
            for node in neighbors(waiting.pop()):
                if node not in found:
                    found.add(node)
                    waiting.append(node)
        return found

    useful = reachable(output, lambda node: [s for s, t, _ in links if t == node])
    first = [(s, t) for s, t, learned in links if learned and t in useful]
    known = {}

    def longest(node, way):
        """Most links from node to the output; infinite when a loop is met."""
        if node in way:
            return math.inf
        if node not in known:
            steps = [longest(t, way | {node}) + 1 for t in ahead.get(node, []) if t in useful]
            known[node] = max(steps, default=0)
        return known[node]

    return max((1 + longest(t, frozenset()) for _, t in first), default=0)


# %% right="relaxation"
def cap_depth(links, output):
    # Bellman-Ford for longest paths: far[node] is the largest known number of links from node to the output
    far = {output: 0}
    n = len({node for s, t, _ in links for node in (s, t)}) + 1
    for _ in range(n):
        for s, t, _ in links:
            if t in far:
                far[s] = max(far.get(s, 0), far[t] + 1)
    endless = {node for node, d in far.items() if d > n}
    grew = dict(far)
    for s, t, _ in links:
        if t in grew and grew[t] + 1 > far[s]:
            endless.add(s)
    for _ in range(n):
        endless |= {s for s, t, _ in links if t in endless}
    best = 0
    for s, t, learned in links:
        if learned and t in far:
            best = max(best, math.inf if t in endless else far[t] + 1)
    return best


# %% right="matrix_powers"
def cap_depth(links, output):
    nodes = sorted({output, *(s for s, _, _ in links), *(t for _, t, _ in links)})
    index = {node: i for i, node in enumerate(nodes)}
    size = len(nodes)
    every, learned_only = np.zeros((size, size), bool), np.zeros((size, size), bool)
    for s, t, learned in links:
        every[index[s], index[t]] = True
        learned_only[index[s], index[t]] |= learned
    ends = np.zeros(size, bool)
    ends[index[output]] = True
    lengths = []
    for length in range(1, 2 * size + 2):
        if (learned_only @ ends).any():
            lengths.append(length)
        ends = every @ ends
    if not lengths:
        return 0
    return math.inf if lengths[-1] > size else lengths[-1]


# %% right="prune_then_sort"
def cap_depth(links, output):
    # keep the links that lie behind a learned one and before the output
    before = {output}
    behind = {t for _, t, learned in links if learned}
    for _ in links:
        before |= {s for s, t, _ in links if t in before}
        behind |= {t for s, t, _ in links if s in behind}
    inner = [(s, t) for s, t, _ in links if s in behind and t in before]
    heads = [t for _, t, learned in links if learned and t in before]
    if not heads:
        return 0
    depth = {head: 1 for head in heads}
    for _ in range(len(inner) + 1):
        changed = False
        for s, t in inner:
            if s in depth and depth.get(t, 0) < depth[s] + 1:
                depth[t] = depth[s] + 1
                changed = True
        if not changed:
            return depth[output]
    return math.inf


# %% right="walk_forward"
def cap_depth(links, output):
    # which nodes can be the end of a path, for each length
    ends = set()
    for s, t, learned in links:
        if learned:
            ends.add(t)
    best = 0
    length = 1
    while ends and length <= len(links) + 1:
        if output in ends:
            best = length
        ends = {t for s, t, _ in links if s in ends}
        length += 1
    # a loop that goes on: does any longer path still reach the output?
    for _ in range(2 * len(links) + 2):
        if output in ends:
            return math.inf
        ends = {t for s, t, _ in links if s in ends}
    return best


# %% right="closures"
from functools import lru_cache


def cap_depth(links, output):
    def closure(start, pairs):
        found, todo = set(start), list(start)
        while todo:
            v = todo.pop()
            for s, t in pairs:
                if s == v and t not in found:
                    found.add(t)
                    todo.append(t)
        return found

    forward = [(s, t) for s, t, _ in links]
    backward_ = [(t, s) for s, t, _ in links]
    after = closure({t for _, t, learned in links if learned}, forward)
    useful = after & closure({output}, backward_)
    inner = {(s, t) for s, t in forward if s in useful and t in useful}

    @lru_cache(None)
    def far(v):
        return max((1 + far(t) for s, t in inner if s == v), default=0)

    try:
        return max((1 + far(t) for s, t, learned in links if learned and t in useful), default=0)
    except RecursionError:
        return math.inf


# %% wrong="nodes_counted" diagnosis="nodes_counted"
def cap_depth(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth + 1


# %% wrong="hidden_layers" diagnosis="hidden_layers"
def cap_depth(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else max(depth - 1, 0)


# %% wrong="shortest_path" diagnosis="shortest_path"
def _paths(links, output):
    found, waiting = [], [[link] for link in links if link[1] == output]
    while waiting:
        path = waiting.pop()
        found.append(path)
        waiting += [[link, *path] for link in links if link[1] == path[0][0] and not any(link is used for used in path)]
    return found


def cap_depth(links, output):
    return min((len(path) for path in _paths(links, output) if path[0][2]), default=0)


# %% wrong="learned_links_only" diagnosis="learned_links_only"
def _paths(links, output):
    found, waiting = [], [[link] for link in links if link[1] == output]
    while waiting:
        path = waiting.pop()
        found.append(path)
        waiting += [[link, *path] for link in links if link[1] == path[0][0] and not any(link is used for used in path)]
    return found


def with_loops(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth


def cap_depth(links, output):
    if with_loops(links, output) == math.inf:
        return math.inf
    return max((sum(link[2] for link in path) for path in _paths(links, output) if path[0][2]), default=0)


# %% wrong="lesson_version" diagnosis="fixed_start_counted"
def cap_depth(links, output):
    reached, depth = {output}, 0
    while depth <= len(links):
        reached = {source for source, target, _ in links if target in reached}
        if not reached:
            return depth
        depth += 1
    return math.inf


# %% wrong="output_ignored" diagnosis="output_ignored"
def one_output(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth


def cap_depth(links, output):
    return max((one_output(links, target) for _, target, _ in links), default=0)


# %% wrong="any_loop" diagnosis="any_loop"
def _in_loops(links):
    reach = {(s, t) for s, t, _ in links}
    for _ in links:
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return {a for a, b in reach if a == b}


def cap_depth(links, output):
    if _in_loops(links):
        return math.inf
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth


# %% wrong="each_link_once" diagnosis="each_link_once"
def _paths(links, output):
    found, waiting = [], [[link] for link in links if link[1] == output]
    while waiting:
        path = waiting.pop()
        found.append(path)
        waiting += [[link, *path] for link in links if link[1] == path[0][0] and not any(link is used for used in path)]
    return found


def cap_depth(links, output):
    return max((len(path) for path in _paths(links, output) if path[0][2]), default=0)


# %% wrong="learned_loops_only" diagnosis="learned_loops_only"
def _in_loops(links):
    reach = {(s, t) for s, t, _ in links}
    for _ in links:
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return {a for a, b in reach if a == b}


def _paths(links, output):
    found, waiting = [], [[link] for link in links if link[1] == output]
    while waiting:
        path = waiting.pop()
        found.append(path)
        waiting += [[link, *path] for link in links if link[1] == path[0][0] and not any(link is used for used in path)]
    return found


def right_depth(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth


def cap_depth(links, output):
    depth, looping = right_depth(links, output), _in_loops(links)
    if depth == math.inf and not any(learned and s in looping and t in looping for s, t, learned in links):
        depth = max(len(path) for path in _paths(links, output) if path[0][2])
    return depth


# %% wrong="self_loops_only" diagnosis="self_loops_only"
def _paths(links, output):
    found, waiting = [], [[link] for link in links if link[1] == output]
    while waiting:
        path = waiting.pop()
        found.append(path)
        waiting += [[link, *path] for link in links if link[1] == path[0][0] and not any(link is used for used in path)]
    return found


def right_depth(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth


def cap_depth(links, output):
    depth = right_depth(links, output)
    if depth == math.inf and not any(source == target for source, target, _ in links):
        depth = max(len(path) for path in _paths(links, output) if path[0][2])
    return depth


# %% wrong="stopped_too_soon" diagnosis="stopped_too_soon"
def cap_depth(links, output):
    reached, depth = {output}, 0
    for length in range(1, len(links) + 2):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth


# %% wrong="all_learned_links" diagnosis="all_learned_links"
def cap_depth(links, output):
    return sum(learned for _, _, learned in links)


# %% wrong="loop_as_minus_one" diagnosis="value"
def cap_depth(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return -1 if depth > len(links) else depth


# %% wrong="loop_as_none" diagnosis="missing_return"
def cap_depth(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return None if depth > len(links) else depth


# %% wrong="one_input_called_x" diagnosis="value"
def _paths(links, output):
    found, waiting = [], [[link] for link in links if link[1] == output]
    while waiting:
        path = waiting.pop()
        found.append(path)
        waiting += [[link, *path] for link in links if link[1] == path[0][0] and not any(link is used for used in path)]
    return found


def right_depth(links, output):
    reached, depth = {output}, 0
    for length in range(1, 2 * len(links) + 1):
        usable = [link for link in links if link[1] in reached]
        if any(learned for _, _, learned in usable):
            depth = length
        reached = {source for source, _, _ in usable}
    return math.inf if depth > len(links) else depth


def cap_depth(links, output):
    depth = right_depth(links, output)
    if depth == math.inf:
        return depth
    paths = [path for path in _paths(links, output) if path[0][0] == "x"]
    longest = max(paths, key=len, default=[])
    learned = [i for i, link in enumerate(longest) if link[2]]
    return len(longest) - learned[0] if learned else 0


# %% wrong="fixed_links_not_crossed" diagnosis="fixed_links_not_crossed"
def cap_depth(links, output):
    reached, depth = {output}, 0
    while depth <= len(links):
        reached = {source for source, target, learned in links if target in reached and learned}
        if not reached:
            return depth
        depth += 1
    return math.inf


# %% wrong="loop_upstream" diagnosis="loop_upstream"
def cap_depth(links, output):
    def longest(node, seen):
        best = 0
        for s, t, learned in links:
            if t == node:
                if s in seen:
                    return math.inf
                d = longest(s, seen | {s})
                if d > 0 or learned:
                    best = max(best, d + 1)
        return best

    return longest(output, {output})


# %% [raw] equivalent=true
# for length in range(1, 2 * len(links) + 1): => for length in range(1, 2 * len(links) + 2):
# Every unbounded case shows within twice the number of links; looking further changes nothing.

# %% [raw] equivalent=true
# for length in range(1, 2 * len(links) + 1): => for length in range(1, 3 * len(links) + 1):
# Every unbounded case shows within twice the number of links; looking further changes nothing.
