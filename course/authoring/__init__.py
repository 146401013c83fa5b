"""Sources in, notebooks out: builds and executes lessons, makes assignments, audits the graders."""
