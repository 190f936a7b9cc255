using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Swiper.Host.Web;

/// <summary>
/// The connections of the ops port. There is always a place for one more: when the last one is taken the oldest connection is closed, so
/// that whoever hangs, in whatever way, keeps nobody from asking how the host is.
/// </summary>
internal sealed class OpsConnections : IDisposable
{
    /// <summary>They have descriptors of those that the host keeps in reserve.</summary>
    public const int Most = 32;

    private readonly Lock _gate = new();
    private readonly LinkedList<ConnectionContext> _open = [];
    private readonly SemaphoreSlim _places = new(Most);

    /// <summary>Returns when there is a place.</summary>
    public async ValueTask WhenPlaceAsync(CancellationToken cancellation)
    {
        if (_places.Wait(0, cancellation))
            return;
        ConnectionContext? oldest;
        lock (_gate)
            oldest = _open.First?.Value;
        oldest?.Abort(new ConnectionAbortedException("A newer connection is to have its place."));
        await _places.WaitAsync(cancellation);
    }

    /// <summary>A connection was accepted, and has the place.</summary>
    public void Add(ConnectionContext connection)
    {
        lock (_gate)
            _open.AddLast(connection);
    }

    /// <summary>It has ended.</summary>
    public void Remove(ConnectionContext connection)
    {
        lock (_gate)
            _open.Remove(connection);
        _places.Release();
    }

    public void Dispose() => _places.Dispose();
}

/// <summary>Accepts a connection when there is a place for it; those that come meanwhile wait in the kernel.</summary>
internal sealed class OpsListener(IConnectionListener listener, OpsConnections connections) : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();

    public EndPoint EndPoint => listener.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await connections.WhenPlaceAsync(_unbound.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        var connection = await listener.AcceptAsync(cancellationToken);
        if (connection is not null)
            connections.Add(connection);
        return connection;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        await listener.UnbindAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _unbound.Dispose();
        return listener.DisposeAsync();
    }
}
