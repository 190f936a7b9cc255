using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>Counts open connections, and lost ones: those not closed by the runner.</summary>
public sealed class ConnectionCount
{
    private int _open;
    private long _lost;

    public int Open => Volatile.Read(ref _open);

    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Counts a client's connection from now until the client is disposed.</summary>
    public SwiperClient Watch(SwiperClient client)
    {
        var watched = new Watched(this);
        client.StateChanged += watched.OnChange;
        watched.Become(client.State == ConnectionState.Connected, isLoss: true);
        return client;
    }

    /// <summary>Counts a connection without a client.</summary>
    public void Opened() => Interlocked.Increment(ref _open);

    public void Closed() => Interlocked.Decrement(ref _open);

    private sealed class Watched(ConnectionCount count)
    {
        private int _isOpen;

        public void OnChange(object? sender, ConnectionStateChange change) =>
            Become(change.State == ConnectionState.Connected, isLoss: change.Reason is not null);

        public void Become(bool open, bool isLoss)
        {
            if (Interlocked.Exchange(ref _isOpen, open ? 1 : 0) == (open ? 1 : 0))
                return;
            if (open)
                count.Opened();
            else
            {
                count.Closed();
                if (isLoss)
                    Interlocked.Increment(ref count._lost);
            }
        }
    }
}
