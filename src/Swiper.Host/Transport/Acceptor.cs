using System.ComponentModel;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>
/// Accepts for one loop, on its thread. Where the system has no room for another connection it pauses: whoever waits is still there when
/// there is room again, and trying all the time would take a processor.
/// </summary>
internal sealed class Acceptor(EpollLoop loop, Epoll epoll, ILogger logger)
{
    /// <summary>What the epoll set reports for every listening socket. None of a connection, which have 63 bits.</summary>
    public const ulong Tag = 0x8000_0000_0000_0000;

    private const int AcceptsAnEvent = 64;
    private const int PauseMs = 100;

    // Descriptors that are left to the rest of the process: where the runtime gets none, it ends the process as out of memory.
    private const int Reserve = 64;

    private readonly List<ListeningSocket> _listeners = [];
    private readonly long _lastDescriptor = LastDescriptor(Libc.DescriptorLimit());

    /// <exception cref="IOException">The system can't watch it.</exception>
    public void Listen(ListeningSocket listener)
    {
        epoll.Watch(listener.Descriptor, EpollEvents.Readable, Tag);
        _listeners.Add(listener);
    }

    /// <summary>Closes it, where that was not done before.</summary>
    public void Unlisten(ListeningSocket listener)
    {
        if (!_listeners.Remove(listener))
            return;
        epoll.Forget(listener.Descriptor);
        listener.Dispose();
    }

    /// <summary>After an event of a listening socket. Few there are, and rarely ready: all are tried.</summary>
    public void AcceptAll()
    {
        foreach (var listener in _listeners)
        {
            if (listener.PausedUntil is null)
                Accept(listener);
        }
    }

    /// <summary>Takes up what has paused for long enough; answers how long the loop may wait, in milliseconds or for ever.</summary>
    public int ResumeDue()
    {
        var wait = Timeout.Infinite;
        foreach (var listener in _listeners)
        {
            if (listener.PausedUntil is not { } until)
                continue;
            var left = until - Environment.TickCount64;
            if (left <= 0 && HasDescriptors(listener))
            {
                listener.PausedUntil = null;
                epoll.Change(listener.Descriptor, EpollEvents.Readable, Tag);
                continue;
            }
            if (left <= 0)
            {
                listener.PausedUntil = Environment.TickCount64 + PauseMs;
                listener.Pauses++;
                left = PauseMs;
            }
            wait = wait < 0 ? (int)left : Math.Min(wait, (int)left);
        }
        return wait;
    }

    /// <summary>Closes all listening sockets; whoever waits for a connection learns that none will come.</summary>
    public void Close()
    {
        foreach (var listener in _listeners)
        {
            listener.Dispose();
            listener.Accepted.TryComplete();
        }
        _listeners.Clear();
    }

    private static long LastDescriptor(long limit) => limit - Math.Min(Reserve, limit / 4);

    private void Accept(ListeningSocket listener)
    {
        for (var i = 0; i < AcceptsAnEvent; i++)
        {
            switch (listener.Accept(out var socket, out var remote, out var error))
            {
                case AcceptStatus.Accepted:
                    error = loop.TryAdd(socket, remote, listener.Accepted);
                    if (error == 0 && socket >= _lastDescriptor)
                        error = Libc.TooManyFiles;
                    if (error != 0)
                    {
                        Pause(listener, error);
                        return;
                    }
                    EndPauses(listener);
                    break;
                case AcceptStatus.Empty:
                    EndPauses(listener);
                    return;
                case AcceptStatus.NoRoom:
                    Pause(listener, error);
                    return;
            }
        }
    }

    private void Pause(ListeningSocket listener, int error)
    {
        epoll.Change(listener.Descriptor, EpollEvents.None, Tag);
        listener.PausedUntil = Environment.TickCount64 + PauseMs;
        if (listener.Pauses++ == 0)
            TransportLog.AcceptPaused(logger, new Win32Exception(error).Message, loop.Connections);
    }

    private void EndPauses(ListeningSocket listener)
    {
        if (listener.Pauses == 0)
            return;
        TransportLog.AcceptResumed(logger, listener.Pauses);
        listener.Pauses = 0;
    }

    // The system gives the lowest number that is free.
    private bool HasDescriptors(ListeningSocket listener)
    {
        var next = Libc.Duplicate(listener.Descriptor);
        if (next < 0)
            return false;
        _ = Libc.Close(next);
        return next < _lastDescriptor;
    }
}
