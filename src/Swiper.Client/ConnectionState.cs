namespace Swiper.Client;

/// <summary>The state of the connection to the server.</summary>
public enum ConnectionState : byte
{
    /// <summary>Connected, and signed in again if it was before.</summary>
    Connected,

    /// <summary>The connection was lost; requests wait until it is back or they time out.</summary>
    Reconnecting,

    /// <summary>Not yet connected; requests wait for a connection or until they time out.</summary>
    Connecting,

    /// <summary>Disposed, or lost with <see cref="SwiperClientOptions.Reconnect"/> off. Final.</summary>
    Closed,
}

/// <summary>A change of the connection.</summary>
/// <param name="State">The new state.</param>
/// <param name="Uid">The signed-in user; null if none.</param>
/// <param name="Reason">Why the connection was lost or could not be made; null if it was made or the client was disposed.</param>
public sealed record ConnectionStateChange(ConnectionState State, long? Uid, Exception? Reason);
