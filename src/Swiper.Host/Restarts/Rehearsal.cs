using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Restarts;

/// <summary>
/// A host on an empty folder that starts, answers a client and stops, in a process that is about to take over. Whatever a process does for
/// the first time takes it long, because it is compiled then, and nobody is answered while this one takes over. It also shows that the
/// program works, while the old process still serves.
/// </summary>
internal static class Rehearsal
{
    private const int AnyUid = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="arguments">The command line.</param>
    /// <param name="options">Those that the process will serve with.</param>
    public static async Task RunAsync(HostArguments arguments, SwiperOptions options)
    {
        var folder = Path.Combine(options.Storage.Data, $"rehearsal-{Environment.ProcessId}");
        try
        {
            using var replacement = new Replacement(null)
            {
                Options = options with
                {
                    Listen = options.Listen with { Address = IPAddress.Loopback.ToString(), Plain = true, Port = 0 },
                    Tls = options.Tls with { Enabled = false },
                    Storage = options.Storage with { Data = folder, Shards = 2 },
                    Ops = options.Ops with { Socket = OpsOptions.None, Http = false, Otlp = null, TracedShare = 0 },
                },
            };
            await using var app = Composition.Prepare(
                arguments, replacement, static services => services.AddLogging(static logging => logging.ClearProviders()));
            Composition.Complete(app);
            await app.StartAsync();
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            await AskAsync(new Uri(address).Port, app.Services.GetRequiredService<ITokens>().Issue(AnyUid, out _)).WaitAsync(Patience);
            await app.StopAsync();
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    // Nobody has the token's uid, so the last reply is a refusal. It is read until the server has nothing more to say.
    private static async Task AskAsync(int port, string token)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.Client.SendAsync(Requests(token));
        client.Client.Shutdown(SocketShutdown.Send);
        var received = new byte[4096];
        while (await client.Client.ReceiveAsync(received) > 0)
        {
        }
    }

    private static byte[] Requests(string token)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        var frames = new FrameWriter(bytes);
        Append(ref frames, 1, Opcode.Ping, default(NoArgs));
        Append(ref frames, 2, Opcode.Resume, new ResumeRequest(token, null));
        frames.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void Append<TRequest>(ref FrameWriter frames, uint id, Opcode opcode, TRequest request)
        where TRequest : IPayload<TRequest>
    {
        var frame = frames.Begin();
        Envelope.WriteRequest(ref frame, id, opcode);
        request.Write(ref frame);
        frames.End(ref frame);
    }
}
