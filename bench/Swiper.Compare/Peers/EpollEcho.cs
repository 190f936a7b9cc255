using System.ComponentModel;
using Swiper.Compare.Processes;
using Swiper.Load.Wire;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.Compare.Peers;

/// <summary>The echo in C, <c>bench/peers/epoll_echo.c</c>: the upper limit for one thread on this machine.</summary>
internal static class EpollEcho
{
    private static readonly string Source = Repository.PathOf("bench", "peers", "epoll_echo.c");
    private static readonly string Binary = Repository.PathOf("artifacts", "bench", "epoll_echo");

    public static ServerProcess Start()
    {
        Compile();
        var server = ServerProcess.Start("C epoll echo", Binary, port => [$"{port}"]);
        server.WaitUntil(static endpoint => LoadConnection.Open(endpoint).Dispose(), TimeSpan.FromSeconds(30));
        return server;
    }

    private static void Compile()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Binary)!);
        try
        {
            var compiler = ProgramRun.OfAsync("cc", "-O2", "-o", Binary, Source).GetAwaiter().GetResult();
            if (compiler.ExitCode != 0)
                throw new InvalidOperationException($"cc could not compile {Source}: {compiler.Errors}");
        }
        catch (Win32Exception)
        {
            throw new PeerMissingException("no C compiler (cc) on this machine");
        }
    }
}
