"""The commands, by who uses them. Thin: each parses, calls and prints; what it does lives in the rooms of the package."""
