"""The commands of `huiyin`, one file each: options in, one answer out.

What a command works with is imported when it is called, so that `--help` is quick.
"""
