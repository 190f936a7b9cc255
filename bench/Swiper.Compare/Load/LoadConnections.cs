using System.Net;

namespace Swiper.Compare.Load;

/// <summary>The connections of one load, closed together.</summary>
internal sealed class LoadConnections : IDisposable
{
    private readonly List<LoadConnection> _all = [];

    public IReadOnlyList<LoadConnection> All => _all;

    public static LoadConnections Open(IPEndPoint server, int count)
    {
        var connections = new LoadConnections();
        for (var i = 0; i < count; i++)
            connections.Open(server);
        return connections;
    }

    /// <param name="server">Speaks TLS.</param>
    /// <param name="count">How many.</param>
    /// <param name="echo">Bytes that it gives back.</param>
    public static LoadConnections OpenOverTls(IPEndPoint server, int count, ReadOnlySpan<byte> echo)
    {
        var connections = new LoadConnections();
        for (var i = 0; i < count; i++)
            connections._all.Add(LoadConnection.OpenOverTls(server, echo));
        return connections;
    }

    public LoadConnection Open(IPEndPoint server)
    {
        var connection = LoadConnection.Open(server);
        _all.Add(connection);
        return connection;
    }

    public void Dispose()
    {
        foreach (var connection in _all)
            connection.Dispose();
    }
}
