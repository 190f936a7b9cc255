namespace Swiper.Host.Connections;

/// <summary>
/// Switches of .NET's sockets that are read once, at the first socket. Without them each read hops from the thread that polls to the
/// thread pool: those of clients on the sockets transport, and those of the Redis client on either (docs/performance.md has the
/// measurements). They need readers that never block, which Swiper's don't.
/// </summary>
internal static class SocketTuning
{
    /// <summary>Call before anything opens a socket. Existing environment variables are kept.</summary>
    public static void Apply()
    {
        Default("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Default("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", Math.Max(1, Environment.ProcessorCount / 2).ToString());
    }

    private static void Default(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
            Environment.SetEnvironmentVariable(name, value);
    }
}
