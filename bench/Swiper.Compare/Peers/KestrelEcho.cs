using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Peers;

/// <summary>What Kestrel does at best for a server like Swiper: it gives back the bytes of each read, and knows no frames.</summary>
internal static class KestrelEcho
{
    /// <summary>The switches that Kestrel has for short handlers; all three are needed, and must be set before the first socket.</summary>
    private static readonly Dictionary<string, string> BestEnvironment = new()
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
    };

    public static ServerProcess Start(bool best)
    {
        var server = ServerProcess.Start(
            best ? "Kestrel with its best switches" : "stock Kestrel",
            Environment.ProcessPath!,
            port => [.. SelfArguments(), "kestrel-echo", "--port", $"{port}", .. best ? (string[])["--inline"] : []],
            best ? UseBestEnvironment : null);
        server.WaitUntil(static endpoint => Load.LoadConnection.Open(endpoint).Dispose(), TimeSpan.FromSeconds(30));
        return server;
    }

    private static void UseBestEnvironment(ProcessStartInfo start)
    {
        foreach (var (key, value) in BestEnvironment)
            start.Environment[key] = value;
    }

    /// <summary>The server itself, in the child process.</summary>
    public static async Task Run(int port, bool inline, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (inline)
            builder.Services.Configure<SocketTransportOptions>(options => options.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(options => options.ListenLocalhost(port, listen => listen.UseConnectionHandler<EchoHandler>()));
        await using var app = builder.Build();
        await app.StartAsync(stop);
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Started as `dotnet Swiper.Compare.dll`, the executable is dotnet and wants the assembly named.
    private static string[] SelfArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    private sealed class EchoHandler : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            var (input, output) = (connection.Transport.Input, connection.Transport.Output);
            while (true)
            {
                var read = await input.ReadAsync();
                foreach (var segment in read.Buffer)
                    output.Write(segment.Span);
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || (await output.FlushAsync()).IsCompleted)
                    return;
            }
        }
    }
}
