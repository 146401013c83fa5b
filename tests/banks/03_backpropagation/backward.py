# %% right="iterative"
def backward(output):
    order, seen, waiting = [], set(), [(output, False)]
    while waiting:
        node, inputs_done = waiting.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((source, False) for source, _ in node.inputs)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in order[::-1]:
        for source, local in node.inputs:
            source.grad = source.grad + local * node.grad


# %% right="count_the_users"
from collections import deque


def backward(output):
    # Kahn's algorithm: a node is ready when all of its users have handed on
    users, found, waiting = {output: 0}, [output], [output]
    while waiting:
        for source, _ in waiting.pop().inputs:
            if source not in users:
                users[source] = 0
                found.append(source)
                waiting.append(source)
            users[source] += 1
    for node in found:
        node.grad = 0.0
    output.grad = 1.0
    ready = deque([output])
    while ready:
        node = ready.popleft()
        for source, local in node.inputs:
            source.grad += node.grad * local
            users[source] -= 1
            if users[source] == 0:
                ready.append(source)


# %% right="ask_the_users"
def backward(output):
    users, waiting, seen = {output: []}, [output], {output}
    while waiting:
        node = waiting.pop()
        for source, local in node.inputs:
            users.setdefault(source, []).append((node, local))
            if source not in seen:
                seen.add(source)
                waiting.append(source)
    known = {output: 1.0}

    def gradient(node):
        if node not in known:
            known[node] = sum(gradient(user) * local for user, local in users[node])
        return known[node]

    for node in seen:
        node.grad = gradient(node)


# %% right="by_depth"
def backward(output):
    depth = {}

    def height(node):
        if node not in depth:
            depth[node] = 1 + max([height(source) for source, _ in node.inputs], default=0)
        return depth[node]

    height(output)
    for node in depth:
        node.grad = 0.0
    output.grad = 1.0
    for node in sorted(depth, key=depth.get, reverse=True):
        for source, local in node.inputs:
            source.grad += float(np.float64(local) * node.grad)


# %% wrong="overwritten" diagnosis="overwritten"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for source, local in node.inputs:
            source.grad = local * node.grad


# %% wrong="never_zeroed" diagnosis="never_zeroed"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    output.grad = 1.0
    for node in reversed(order):
        for source, local in node.inputs:
            source.grad += local * node.grad


# %% wrong="preorder" diagnosis="depth_first"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            order.append(node)
            for source, _ in node.inputs:
                visit(source)

    visit(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in order:
        for source, local in node.inputs:
            source.grad += local * node.grad


# %% wrong="level_by_level" diagnosis="breadth_first"
def backward(output):
    order = [output]
    for node in order:
        for source, _ in node.inputs:
            if source not in order:
                order.append(source)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in order:
        for source, local in node.inputs:
            source.grad += local * node.grad


# %% wrong="not_reversed" diagnosis="wrong_end"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in order:
        for source, local in node.inputs:
            source.grad += local * node.grad


# %% wrong="no_seed" diagnosis="no_seed"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    for node in order:
        node.grad = 0.0
    for node in reversed(order):
        for source, local in node.inputs:
            source.grad += local * node.grad


# %% wrong="slopes_ignored" diagnosis="slopes_ignored"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for source, local in node.inputs:
            source.grad += node.grad


# %% wrong="slopes_added" diagnosis="value"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for source, local in node.inputs:
            source.grad += local + node.grad


# %% wrong="every_path" diagnosis="every_path"
def backward(output):
    def clear(node, seen):
        if node not in seen:
            seen.add(node)
            node.grad = 0.0
            for source, _ in node.inputs:
                clear(source, seen)

    def hand_on(node, gradient):
        node.grad += gradient
        for source, local in node.inputs:
            hand_on(source, local * gradient)

    clear(output, set())
    hand_on(output, 1.0)


# %% wrong="recursion_on_totals" diagnosis="recursion_on_totals"
def backward(output):
    def clear(node):
        node.grad = 0.0
        for source, _ in node.inputs:
            clear(source)

    def hand_on(node):
        for source, local in node.inputs:
            source.grad += local * node.grad
            hand_on(source)

    clear(output)
    output.grad = 1.0
    hand_on(output)


# %% wrong="one_level" diagnosis="one_level"
def backward(output):
    output.grad = 1.0
    for source, _ in output.inputs:
        source.grad = 0.0
    for source, local in output.inputs:
        source.grad += local


# %% wrong="pairs_merged" diagnosis="pairs_merged"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for source, local in dict(node.inputs).items():
            source.grad += local * node.grad


# %% wrong="leaves_not_zeroed" diagnosis="leaves_not_zeroed"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for source, local in node.inputs:
            source.grad += local * node.grad


# %% wrong="own_grad_multiplied" diagnosis="value"
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

    visit(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for source, local in node.inputs:
            source.grad += local * node.grad * (1 + source.grad)
