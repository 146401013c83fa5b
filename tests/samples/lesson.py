# %% [raw] front=true
# title = "A sample"
# shows = "That two and two are four."
# needs = "Counting."
# minutes = {read = 2, run = 1}
# data = ["numbers"]
#
# [claims.sum]
# text = "two and two"
# value = 4
# tolerance = 0.5

# %% setup=true

# %% [markdown]
# ## A question first
# How much is $2 + 2$?

# %%
from IPython.display import publish_display_data

total = 2 + 2
print(total)

# %%
claim = {"name": "sum", "value": total}
publish_display_data({"text/plain": "sum: 4", "application/vnd.course.claim+json": claim})
