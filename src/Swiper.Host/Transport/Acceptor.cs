using System.ComponentModel;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>
/// Accepts connections for one loop, on its thread, below the descriptors that are the rest of the process's. If the system is out of
/// resources it pauses: waiting connections stay in the kernel's backlog, and retrying constantly would use up a processor.
/// </summary>
internal sealed class Acceptor(EpollLoop loop, Epoll epoll, long lastDescriptor, ILogger logger)
{
    /// <summary>The epoll token of every listening socket. It can't be a connection's, which have 63 bits.</summary>
    public const ulong Tag = 0x8000_0000_0000_0000;

    private const int AcceptsAnEvent = 64;
    private const int PauseMs = 100;

    private readonly List<ListeningSocket> _listeners = [];

    /// <exception cref="IOException">The system can't watch it.</exception>
    public void Listen(ListeningSocket listener)
    {
        epoll.Watch(listener.Descriptor, EpollEvents.Readable, Tag);
        _listeners.Add(listener);
    }

    /// <summary>Closes it, unless already closed.</summary>
    public void Unlisten(ListeningSocket listener)
    {
        if (!_listeners.Remove(listener))
            return;
        epoll.Forget(listener.Descriptor);
        listener.Dispose();
    }

    /// <summary>Accepts after an event on any listening socket. There are few and they are rarely ready, so all are tried.</summary>
    public void AcceptAll()
    {
        foreach (var listener in _listeners)
        {
            if (listener.PausedUntil is null)
                Accept(listener);
        }
    }

    /// <summary>Resumes after a pause; returns how long the loop may wait, in milliseconds or for ever.</summary>
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

    /// <summary>Closes all listening sockets and completes pending accepts.</summary>
    public void Close()
    {
        foreach (var listener in _listeners)
        {
            listener.Dispose();
            listener.Accepted.TryComplete();
        }
        _listeners.Clear();
    }

    private void Accept(ListeningSocket listener)
    {
        for (var i = 0; i < AcceptsAnEvent; i++)
        {
            switch (listener.Accept(out var socket, out var remote, out var error))
            {
                case AcceptStatus.Accepted:
                    error = loop.TryAdd(socket, remote, listener.Accepted);
                    if (error == 0 && socket >= lastDescriptor)
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

    // The kernel assigns the lowest free number.
    private bool HasDescriptors(ListeningSocket listener)
    {
        var next = Libc.Duplicate(listener.Descriptor);
        if (next < 0)
            return false;
        _ = Libc.Close(next);
        return next < lastDescriptor;
    }
}
