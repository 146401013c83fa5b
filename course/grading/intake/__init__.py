"""What learning platforms hand out (a folder or a zip of everybody's files) -> submitted/<student>/<assignment>/."""
