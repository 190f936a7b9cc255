using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Restarts;

/// <summary>
/// The listening sockets of this process's ports. They outlive the app that accepts from them: whoever connects while one process hands
/// over to the next waits in the kernel rather than be refused.
/// </summary>
internal sealed class ListeningSockets
{
    private const char BetweenPorts = ';';
    private const char BetweenSockets = '+';

    private readonly Lock _gate = new();
    private readonly List<Port> _used = [];

    // Of a predecessor, or of an app of this process that has ended.
    private readonly List<Port> _kept = [];

    /// <summary>Sockets that are inherited from another process.</summary>
    /// <param name="text">What <see cref="Duplicate()"/> answered there.</param>
    public static ListeningSockets Inherited(string text)
    {
        var sockets = new ListeningSockets();
        foreach (var port in text.Split(BetweenPorts, StringSplitOptions.RemoveEmptyEntries))
        {
            var end = port.LastIndexOf('=');
            var descriptors = port[(end + 1)..].Split(BetweenSockets);
            sockets._kept.Add(new Port(
                port[..end], [.. descriptors.Select(static number => Adopt(int.Parse(number, CultureInfo.InvariantCulture)))]));
        }
        return sockets;
    }

    /// <summary>The sockets that are kept for an address, which is that of the options, with port 0 if they say so; often none.</summary>
    public Socket[] Claim(EndPoint asked) => Claim(asked.ToString()!);

    /// <inheritdoc cref="Claim(EndPoint)"/>
    /// <param name="asked">Another name for a port, so that it is not taken for one that has the same address in the options.</param>
    public Socket[] Claim(string asked)
    {
        lock (_gate)
        {
            // Two ports may both be 0: they are claimed in the order in which they were bound.
            var index = _kept.FindIndex(port => port.Asked == asked);
            if (index < 0)
                return [];
            var claimed = _kept[index].Sockets;
            _kept.RemoveAt(index);
            return claimed;
        }
    }

    /// <summary>Notes what an app accepts from; it closes the sockets itself.</summary>
    public void Use(EndPoint asked, Socket[] sockets) => Use(asked.ToString()!, sockets);

    /// <inheritdoc cref="Use(EndPoint, Socket[])"/>
    public void Use(string asked, Socket[] sockets)
    {
        lock (_gate)
            _used.Add(new Port(asked, sockets));
    }

    /// <summary>
    /// Duplicates the sockets that are used: for the next process, which inherits them, or for the next app in this one. Each is the same
    /// socket with the same queue, and stays open when the app closes its own.
    /// </summary>
    /// <exception cref="IOException">No descriptors are left.</exception>
    public string Duplicate()
    {
        lock (_gate)
        {
            foreach (var port in _used)
                _kept.Add(new Port(port.Asked, [.. port.Sockets.Select(static socket => Duplicate(socket))]));
            return string.Join(BetweenPorts, _kept.Select(static port =>
                $"{port.Asked}={string.Join(BetweenSockets, port.Sockets.Select(static socket => (int)socket.Handle))}"));
        }
    }

    /// <summary>The app that used them has ended; what was duplicated is for the next.</summary>
    public void Leave()
    {
        lock (_gate)
            _used.Clear();
    }

    /// <summary>Closes what nobody has claimed: ports that the options no longer name.</summary>
    public void CloseKept()
    {
        lock (_gate)
        {
            foreach (var socket in _kept.SelectMany(static port => port.Sockets))
                socket.Dispose();
            _kept.Clear();
        }
    }

    // dup(2) clears the flag that would close it in a child.
    private static Socket Duplicate(Socket socket)
    {
        var copy = Libc.Duplicate((int)socket.Handle);
        return copy >= 0 ? new Socket(new SafeSocketHandle(copy, ownsHandle: true)) : throw new IOException(
            "there is no descriptor left for a listening socket (ulimit -n)");
    }

    private static Socket Adopt(int descriptor)
    {
        // It would else be inherited by whatever this process starts.
        Libc.CloseOnExec(descriptor);
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    private sealed record Port(string Asked, Socket[] Sockets);
}
