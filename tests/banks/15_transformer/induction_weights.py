# %% [markdown]
# Answers to `induction_weights`, each in the place of the whole solution cell.

# %% right="loops"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    for t in range(1, L):
        wq1[S + t, t - 1] = 500.0
    for t in range(L):
        wk1[S + t, t] = 1.0
    for s in range(S):
        wv1[s, S + L + s] = 1.0
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    for s in range(S):
        wq2[s, s] = 500.0
        wk2[S + L + s, s] = 1.0
        wv2[s, 2 * S + L + s] = 1.0
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% right="blocks_by_hstack"
def induction_weights(symbols, length):
    S, L, D = symbols, length, 3 * symbols + length
    eye = np.eye(D)
    token, position, previous, answer = np.split(eye, [S, S + L, 2 * S + L], axis=1)
    first = (np.vstack([np.zeros((S, L)), 300 * np.eye(L, k=-1), np.zeros((2 * S, L))]), position, token @ previous.T)
    second = (300 * token, previous, token @ answer.T)
    return [first, second]

# %% right="full_width_queries"
def induction_weights(symbols, length):
    D = 3 * symbols + length
    start = {"token": 0, "position": symbols, "previous": symbols + length, "answer": 2 * symbols + length}

    def copy(source, target, size, strength=1.0, moved=0):
        w = np.zeros((D, D))
        i = np.arange(max(0, -moved), size)
        w[start[source] + i, start[target] + i + moved] = strength
        return w

    one = (copy("position", "position", length, 2000, -1), copy("position", "position", length), copy("token", "previous", symbols))
    two = (copy("token", "token", symbols, 2000), copy("previous", "token", symbols), copy("token", "answer", symbols))
    return [one, two]

# %% right="strong_keys"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    z = lambda *shape: np.zeros(shape)
    wq1, wk1, wv1, wq2, wk2, wv2 = z(D, L), z(D, L), z(D, D), z(D, S), z(D, S), z(D, D)
    wq1[S : S + L] = np.eye(L)
    wk1[S : S + L] = np.roll(np.eye(L), 1, axis=1) * 40 * np.sqrt(L)
    wk1[S + L - 1] = 0
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = np.eye(S)
    wk2[S + L : 2 * S + L] = 40 * np.sqrt(S) * np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return (wq1, wk1, wv1), (wq2, wk2, wv2)

# %% wrong="own_position" diagnosis="the_letter_itself"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="next_position" diagnosis="the_letter_itself"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="two_positions_back" diagnosis="two_back"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-2)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="ones" diagnosis="both_too_soft"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="first_ones" diagnosis="first_too_soft"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="second_ones" diagnosis="second_too_soft"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="half_as_strong_as_needed" diagnosis="not_induction"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 8 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 8 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="keys_of_the_token" diagnosis="the_letter_itself"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[:S] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="values_of_previous" diagnosis="the_letter_itself"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[S + L : 2 * S + L, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="query_of_previous" diagnosis="asks_with_previous"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[S + L : 2 * S + L] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="backwards" diagnosis="turned_around"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[S + L : 2 * S + L] = 1000 * np.eye(S)
    wk2[:S] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="no_values" diagnosis="nothing_answered"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="second_writes_previous" diagnosis="nothing_answered"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, S + L : 2 * S + L] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="first_writes_answer" diagnosis="previous_into_answer"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, 2 * S + L :] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="first_writes_nothing" diagnosis="nothing_in_previous"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="one_layer" diagnosis="nothing_answered"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1)]

# %% wrong="values_narrow" diagnosis="raised"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, S))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="a_dictionary" diagnosis="raised"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return {"first": (wq1, wk1, wv1), "second": (wq2, wk2, wv2)}

# %% wrong="fixed_sizes" diagnosis="raised"
def induction_weights(symbols, length):
    S, L = 7, 6
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = 1000 * np.eye(S)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% wrong="infinite" diagnosis="not_finite"
def induction_weights(symbols, length):
    S, L = symbols, length
    D = 3 * S + L
    wq1, wk1, wv1 = np.zeros((D, L)), np.zeros((D, L)), np.zeros((D, D))
    wq2, wk2, wv2 = np.zeros((D, S)), np.zeros((D, S)), np.zeros((D, D))
    wq1[S : S + L] = 1000 * np.eye(L, k=-1)
    wk1[S : S + L] = np.eye(L)
    wv1[:S, S + L : 2 * S + L] = np.eye(S)
    wq2[:S] = np.where(np.eye(S) > 0, np.inf, 0)
    wk2[S + L : 2 * S + L] = np.eye(S)
    wv2[:S, 2 * S + L :] = np.eye(S)
    return [(wq1, wk1, wv1), (wq2, wk2, wv2)]

# %% [raw] equivalent=true
# wq, wk, wv = (np.zeros((features, d)), np.zeros((features, d)), np.zeros((features, features))) => wq, wk, wv = (np.ones((features, d)), np.zeros((features, d)), np.zeros((features, features)))
# A query then has the same number added to all its components, and every key's components sum to 1 here: all its scores move by the same amount, which the softmax does not see.

# %% [raw] equivalent=true
# wq, wk, wv = (np.zeros((features, d)), np.zeros((features, d)), np.zeros((features, features))) => wq, wk, wv = (np.zeros((features, d)), np.ones((features, d)), np.zeros((features, features)))
# All keys then have the same number added to all their components: the scores of a query move by the same amount, which the softmax does not see.

# %% [raw] equivalent=true
# wq[asks], wk[offers], wv[token, target] = (1000 * question, np.eye(d), np.eye(symbols)) => wq[asks], wk[offers], wv[token, target] = (1001 * question, np.eye(d), np.eye(symbols))
# Any large number does.
