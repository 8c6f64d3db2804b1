"""A disk as it would be after a power loss: a folder is replayed from the system calls of a run, and what was not synced
survives in part, or not at all.

What is assumed of the file system is what POSIX promises, and no more:

    *  what was written to a file is there when the file was synced after it; until then each sector of 512 bytes is
       there or not, by itself, in any order; a file may have grown without its bytes, and then there are zeros
    *  a name that was made, changed or removed is so when its folder was synced after it; until then it may be so
    *  a rename is one step: it has happened or not

    calls = disk.calls_of(strace's output)
    d = disk.Disk(folder)           the folder as it is before the run; all of it counts as synced
    for call in calls: d.follow(call)
    d.lose("sectors", random.Random(1))     {path below the folder: Kept, or None for a folder}"""

import collections
import contextlib
import os
import re

SECTOR = 512
# What is recorded: all that changes files and names, all that syncs them, and what numbers of descriptors mean; and the
# words with the servers, which say when a message was accepted.
RECORDED = ("openat,open,creat,close,dup,dup2,dup3,lseek,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,"
            "fallocate,fdatasync,fsync,sync,syncfs,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,"
            "sendfile,copy_file_range,sendto,recvfrom")
# How much of what was not synced survives, as words: "nothing"; some "calls"; some "sectors"; "torn": all up to some
# sector of some call; "zeros": of what was appended the length.

Call = collections.namedtuple("Call", "name args result data")  # data: the bytes that it read or wrote
# origin: which file it is, whatever its name: the inode of one that was there before, ("made", n) for the n-th made.
Kept = collections.namedtuple("Kept", "data origin")
LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")


def words(log):
    """The words before a command that is to be recorded into a file."""
    return ["strace", "-f", "-qq", "-xx", "-s", "2000000", "-o", log, "-e", "trace=" + RECORDED]


def calls_of(log):
    """Those that succeeded. Strings are hexadecimal, so that commas only stand between arguments."""
    found = []
    with open(log, encoding="ascii") as f:
        for line in f:
            match = LINE.match(line)
            if "unfinished" in line or "resumed" in line:
                raise AssertionError("two threads at once, which this reader does not know: " + line[:80])
            if match and int(match.group(3)) >= 0:
                args = match.group(2).split(", ")
                data = next((unhex(a) for a in args if a.startswith('"')), b"")
                found.append(Call(match.group(1), args, int(match.group(3)), data))
    return found


def unhex(text):
    if text.endswith("..."):
        raise AssertionError("strace has cut a string")
    return bytes.fromhex(text.strip('"').replace("\\x", ""))


class File:
    """synced: bytes. pending: writes (offset, bytes) and sizes (n, None), in their order."""

    def __init__(self, origin, synced=b""):
        self.origin, self.synced, self.pending, self.size = origin, synced, [], len(synced)

    def write(self, offset, data):
        self.pending.append((offset, data))
        self.size = max(self.size, offset + len(data))

    def resize(self, size):
        self.pending.append((size, None))
        self.size = size

    def sync(self):
        self.synced, self.pending = self.content(self.pending), []

    def content(self, pending):
        content = bytearray(self.synced)
        for offset, data in pending:
            if data is None:
                del content[offset:]
                content.extend(bytes(offset - len(content)))
            else:
                content.extend(bytes(max(0, offset - len(content))))
                content[offset:offset + len(data)] = data
        return bytes(content)

    def pieces(self):
        """What is pending, in pieces of which each is there or not."""
        for offset, data in self.pending:
            if data is None:
                yield offset, None
                continue
            at = 0
            while at < len(data):
                n = min(len(data) - at, SECTOR - (offset + at) % SECTOR)
                yield offset + at, data[at:at + n]
                at += n

    def after(self, loss, rng):
        if loss == "nothing" or not self.pending:
            return self.synced
        if loss == "zeros":
            return self.synced + bytes(max(0, self.size - len(self.synced)))
        if loss == "torn":
            pieces = list(self.pieces())
            return self.content(pieces[:rng.randrange(len(pieces) + 1)])
        likely = rng.choice((0.1, 0.5, 0.9))
        some = [p for p in (self.pieces() if loss == "sectors" else self.pending) if rng.random() < likely]
        return self.content(some)


class Folder:
    """synced and names: name -> File or Folder, as it is on the disk and as it is now. pending: what happened to the
    names since: lists of (name, node), or (name, None) when it went, that happen together."""

    def __init__(self):
        self.synced, self.names, self.pending = {}, {}, []

    def change(self, *entries):
        self.pending.append(entries)
        apply(self.names, entries)

    def sync(self):
        self.synced, self.pending = dict(self.names), []

    def after(self, loss, rng):
        names = dict(self.synced)
        if loss != "nothing":
            for entries in self.pending:
                if rng.random() < 0.5:
                    apply(names, entries)
        return names


def apply(names, entries):
    for name, node in entries:
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


class Open:
    """An open file."""

    def __init__(self, node, append):
        self.node, self.append, self.at = node, append, 0


class Disk:
    def __init__(self, folder):
        self.top = os.path.realpath(folder)
        self.root = read_folder(self.top)
        self.open, self.made = {}, 0

    # ---- names ----

    def place(self, path, at="AT_FDCWD"):
        """(the folder, the name in it) of a path, or None when it is not one of ours. at: what the path is relative
        to, a number of a descriptor."""
        here = self.open.get(at)
        if not path.startswith("/") and here and isinstance(here.node, Folder):
            return here.node, path
        below = os.path.relpath(path, self.top)
        if not path.startswith("/") or below.startswith(".."):
            return None
        node = self.root
        if below == ".":
            return None
        *folders, name = below.split("/")
        for folder in folders:
            node = node.names.get(folder)
            if not isinstance(node, Folder):
                return None
        return node, name

    def paths(self, args, with_folders):
        """The places that a call names: each path follows its folder's descriptor, or stands alone."""
        found, at = [], "AT_FDCWD"
        for arg in args:
            if arg.startswith('"'):
                found.append(self.place(unhex(arg).decode("utf-8", "surrogateescape"), at))
                at = "AT_FDCWD"
            elif with_folders:
                at = arg
        return found

    # ---- calls ----

    def follow(self, call):
        """Returns whether it was about our files."""
        how = getattr(self, "do_" + call.name, None)
        if how is None:
            raise AssertionError("what %s does to a disk is not known here" % call.name)
        return bool(how(call))

    def do_openat(self, call):
        flags = next(arg for arg in call.args if arg.startswith("O_"))
        (place,) = self.paths(call.args, call.name == "openat")
        if place is None and call.data.decode() != self.top:
            self.open.pop(str(call.result), None)
            return False
        folder, name = place or (None, "")
        node = folder.names.get(name) if folder else self.root
        made = node is None
        if made and "O_CREAT" not in flags:
            raise AssertionError("%s is there, and nobody made it" % name)
        if made:
            self.made += 1
            node = File(("made", self.made))
            folder.change((name, node))
        elif "O_TRUNC" in flags:
            node.resize(0)
        self.open[str(call.result)] = Open(node, "O_APPEND" in flags)
        return made or "O_TRUNC" in flags

    def do_close(self, call):
        self.open.pop(call.args[0], None)

    def do_dup(self, call):
        if call.args[0] in self.open:
            self.open[str(call.result)] = self.open[call.args[0]]

    do_dup2 = do_dup3 = do_dup

    def do_lseek(self, call):
        if call.args[0] in self.open:
            self.open[call.args[0]].at = call.result

    def do_write(self, call):
        o = self.open.get(call.args[0])
        if o:
            offset = o.node.size if o.append else o.at
            o.node.write(offset, call.data[:call.result])
            o.at = offset + call.result
        return o

    def do_pwrite64(self, call):
        o = self.open.get(call.args[0])
        if o:
            o.node.write(int(call.args[3]), call.data[:call.result])
        return o

    def do_ftruncate(self, call):
        o = self.open.get(call.args[0])
        if o:
            o.node.resize(int(call.args[1]))
        return o

    def do_fallocate(self, call):
        if call.args[0] in self.open and call.args[1] != "FALLOC_FL_KEEP_SIZE":
            raise AssertionError("fallocate(%s) is not known here" % ", ".join(call.args))

    def do_fsync(self, call):
        o = self.open.get(call.args[0])
        if o:
            o.node.sync()
        return o

    do_fdatasync = do_fsync

    def do_renameat2(self, call):
        old, new = self.paths(call.args, call.name != "rename")
        if old and new:
            node = old[0].names[old[1]]
            if old[0] is not new[0]:
                raise AssertionError("a rename between two folders is not known here")
            new[0].change((old[1], None), (new[1], node))
        return old or new

    do_rename = do_renameat = do_renameat2

    def do_linkat(self, call):
        old, new = self.paths(call.args, call.name == "linkat")
        if old and new:
            new[0].change((new[1], old[0].names[old[1]]))
        return old or new

    do_link = do_linkat

    def do_unlinkat(self, call):
        (place,) = self.paths(call.args, call.name == "unlinkat")
        if place:
            place[0].change((place[1], None))
        return place

    do_unlink = do_unlinkat

    def do_mkdirat(self, call):
        (place,) = self.paths(call.args, call.name == "mkdirat")
        if place:
            place[0].change((place[1], Folder()))
        return place

    do_mkdir = do_mkdirat

    def do_sendto(self, call):
        """The network; what was said is in the call."""

    do_recvfrom = do_sendto

    # ---- what is there ----

    def lose(self, loss, rng):
        """After a power loss."""
        return flat(self.root, lambda folder: folder.after(loss, rng),
                    lambda file: Kept(file.after(loss, rng), file.origin))

    def is_dirty(self):
        return dirty(self.root)

    def now(self):
        """Without one."""
        return flat(self.root, lambda folder: folder.names,
                    lambda file: Kept(file.content(file.pending), file.origin))


def dirty(folder):
    """Something in it is not synced."""
    return bool(folder.pending) or any(dirty(node) if isinstance(node, Folder) else node.pending
                                       for node in folder.names.values())


def flat(folder, names_of, content_of, below=""):
    found = {}
    for name, node in names_of(folder).items():
        if isinstance(node, Folder):
            found[below + name] = None
            found.update(flat(node, names_of, content_of, below + name + "/"))
        else:
            found[below + name] = content_of(node)
    return found


def read_folder(path):
    folder = Folder()
    for entry in os.scandir(path):
        if entry.is_dir(follow_symlinks=False):
            folder.names[entry.name] = read_folder(entry.path)
        else:
            with open(entry.path, "rb") as f:
                folder.names[entry.name] = File(entry.inode(), f.read())
    folder.sync()
    return folder


def copy_of(folder):
    """So that a replay does not change what the next one begins with. All of it is synced."""
    twin = Folder()
    for name, node in folder.names.items():
        twin.names[name] = copy_of(node) if isinstance(node, Folder) else File(node.origin, node.synced)
    twin.sync()
    return twin


class Vault:
    """Second names for all files that a run found or made, so that each keeps its inode while it is put back again and
    again: a machine that comes up after a power loss has its own disk, not a copy."""

    def __init__(self, folder):
        self.folder, self.path, self.inode_of = os.path.realpath(folder), folder + ".vault", {}
        os.mkdir(self.path)
        self.keep()

    def keep(self, end=None):
        """The files that are there now; end: the Disk after the run, by which those that it made are known."""
        for root, _, files in os.walk(self.folder):
            for name in files:
                full = os.path.join(root, name)
                inode = os.stat(full).st_ino
                with contextlib.suppress(FileExistsError):
                    os.link(full, os.path.join(self.path, str(inode)))
                kept = end and end.now().get(os.path.relpath(full, self.folder))
                self.inode_of[kept.origin if kept else inode] = inode

    def put_back(self, content):
        """Makes the folder be this."""
        for root, folders, files in os.walk(self.folder, topdown=False):
            for name in files:
                os.unlink(os.path.join(root, name))
            for name in folders:
                os.rmdir(os.path.join(root, name))
        for name, kept in sorted(content.items()):
            full = os.path.join(self.folder, name)
            if kept is None:
                os.mkdir(full, 0o700)
                continue
            if kept.origin in self.inode_of:
                os.link(os.path.join(self.path, str(self.inode_of[kept.origin])), full)
            with open(full, "wb", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
                f.write(kept.data)
