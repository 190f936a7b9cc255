using System.Net;

namespace Swiper.Load.Wire;

/// <summary>The connections of one load, closed together.</summary>
internal sealed class LoadConnections : IDisposable
{
    private readonly List<LoadConnection> _all = [];

    public IReadOnlyList<LoadConnection> All => _all;

    public static LoadConnections Open(IPEndPoint server, int count) => OpenAll(count, () => LoadConnection.Open(server));

    /// <param name="server">A TLS server.</param>
    /// <param name="count">Number of connections.</param>
    /// <param name="echo">Bytes that the server echoes.</param>
    public static LoadConnections OpenOverTls(IPEndPoint server, int count, byte[] echo) =>
        OpenAll(count, () => LoadConnection.OpenOverTls(server, echo));

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

    private static LoadConnections OpenAll(int count, Func<LoadConnection> open)
    {
        var connections = new LoadConnections();
        try
        {
            for (var i = 0; i < count; i++)
                connections._all.Add(open());
            return connections;
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }
}
