using System.ComponentModel;
using Swiper.Compare.Processes;
using Swiper.Compare.Protocols;
using Swiper.Load.Wire;

namespace Swiper.Compare.Peers;

/// <summary>A private Redis without persistence.</summary>
internal static class RedisServer
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    public static ServerProcess Start()
    {
        try
        {
            var server = ServerProcess.Start("Redis", "redis-server", port =>
                ["--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no"]);
            server.WaitUntil(static endpoint =>
            {
                using var connection = LoadConnection.Open(endpoint);
                connection.Ask(RespCommand.Of("PING"), static bytes => RespReplies.TryMeasure(bytes, out _));
            }, StartPatience);
            return server;
        }
        catch (Win32Exception)
        {
            throw new PeerMissingException("no redis-server on this machine");
        }
    }
}
