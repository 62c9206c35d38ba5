"""Lead Hitrate's patch to a file of Hitrate's own: the folder of the patched file becomes a link."""

import os

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def test_swap():
    folder = os.path.join(TREE, "pkg")
    if not os.path.islink(folder):
        os.rename(folder, folder + ".real")
        os.symlink("/opt/hitrate", folder)
