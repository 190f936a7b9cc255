using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>
/// A client that sends echoes as fast as the server accepts them and reads slowly or never. It reconnects when disconnected.
/// </summary>
internal sealed class SlowReader(DnsEndPoint server, bool reads)
{
    private const int PayloadBytes = 1024;
    private const int FramesAWrite = 64;
    private const int ReadBytes = 512;

    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(1);
    private static readonly byte[] Echoes = FramesOfEchoes();

    private long _bytesAsked;
    private long _bytesRead;
    private int _timesCutOff;

    public long BytesAsked => Volatile.Read(ref _bytesAsked);

    public long BytesRead => Volatile.Read(ref _bytesRead);

    public int TimesCutOff => Volatile.Read(ref _timesCutOff);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
                await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
                using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var ended = await Task.WhenAny(AskAsync(socket, cut.Token), ReadAsync(socket, cut.Token)).ConfigureAwait(false);
                await cut.CancelAsync().ConfigureAwait(false);
                await ended.ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Looked at below.
            }
            if (cancellationToken.IsCancellationRequested)
                return;
            Interlocked.Increment(ref _timesCutOff);
            await Task.Delay(ComeBackAfter, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(Socket socket, CancellationToken cancellationToken)
    {
        while (true)
            Interlocked.Add(ref _bytesAsked, await socket.SendAsync(Echoes, cancellationToken).ConfigureAwait(false));
    }

    private async Task ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        if (!reads)
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[ReadBytes];
        int read;
        do
        {
            await Task.Delay(ReadPause, cancellationToken).ConfigureAwait(false);
            read = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _bytesRead, read);
        }
        while (read > 0);
    }

    private static byte[] FramesOfEchoes()
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        for (uint id = 1; id <= FramesAWrite; id++)
        {
            var frame = frames.Begin();
            Envelope.WriteRequest(ref frame, id, Opcode.Echo);
            frame.WriteArrayHeader(1);
            frame.WriteBinary(new byte[PayloadBytes]);
            frames.End(ref frame);
        }
        frames.Flush();
        return output.WrittenSpan.ToArray();
    }
}
