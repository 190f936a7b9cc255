namespace Swiper.Client;

/// <summary>Where a client stands with its server.</summary>
public enum ConnectionState : byte
{
    /// <summary>Connected, and signed in again if it was before.</summary>
    Connected,

    /// <summary>The connection was lost; requests wait until it is back or they time out.</summary>
    Reconnecting,

    /// <summary>There was no connection yet; requests wait until there is one or they time out.</summary>
    Connecting,

    /// <summary>Disposed, or lost with <see cref="SwiperClientOptions.Reconnect"/> off; there is no way back.</summary>
    Closed,
}

/// <summary>What happened to the connection.</summary>
/// <param name="State">Where the client stands now.</param>
/// <param name="Uid">Who is signed in; null for nobody.</param>
/// <param name="Reason">Why the connection was lost or could not be made; null where it was made or the client was disposed.</param>
public sealed record ConnectionStateChange(ConnectionState State, long? Uid, Exception? Reason);
