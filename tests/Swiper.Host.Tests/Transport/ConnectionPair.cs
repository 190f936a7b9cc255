using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Swiper.Host.Tests.Transport;

/// <summary>Both ends of a connection: a plain socket, and what the transport has made of the other.</summary>
internal sealed class ConnectionPair(Socket client, ConnectionContext server) : IAsyncDisposable
{
    private int _isDisposed;

    public Socket Client { get; } = client;

    public ConnectionContext Server { get; } = server;

    public PipeReader Input => Server.Transport.Input;

    public PipeWriter Output => Server.Transport.Output;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await Client.SendAsync(bytes).Soon()..];
    }

    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await Client.ReceiveAsync(bytes.AsMemory(received)).Soon();
            Assert.True(more > 0, $"the server has ended after {received} of {count} bytes");
            received += more;
        }
        return bytes;
    }

    /// <summary>Everything until the server ends, which a reset is too.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        var received = new ArrayBufferWriter<byte>();
        try
        {
            while (await Client.ReceiveAsync(received.GetMemory(16 * 1024)).Soon() is var more and > 0)
                received.Advance(more);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
        return received.WrittenSpan.ToArray();
    }

    /// <summary>The next bytes of the client, however they come.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        while (true)
        {
            var read = await Input.ReadAsync().Soon();
            if (read.Buffer.Length >= count)
            {
                var bytes = read.Buffer.Slice(0, count).ToArray();
                Input.AdvanceTo(read.Buffer.GetPosition(count));
                return bytes;
            }
            Assert.False(read.IsCompleted, $"the client has ended after {read.Buffer.Length} of {count} bytes");
            Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Everything that the client sends until it ends.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        var received = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await Input.ReadAsync().Soon();
            foreach (var segment in read.Buffer)
                received.Write(segment.Span);
            Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return received.WrittenSpan.ToArray();
        }
    }

    /// <summary>The server writes more than the system keeps for a client that does not read.</summary>
    /// <returns>The flush that waits for the client, and how many bytes were written.</returns>
    public async Task<(Task<FlushResult> Waiting, int Written)> FillAsync(Pattern pattern, CancellationToken cancellationToken = default)
    {
        // In steps, so that it is held up while some of it was sent already; the system keeps 4 MB at most by default (net.ipv4.tcp_wmem).
        const int First = 100_000;
        const int Rest = 10_000_000;
        await Output.WriteAsync(pattern.Bytes(0, First), CancellationToken.None).Soon();
        Output.Write(pattern.Bytes(First, Rest));
        var flush = Output.FlushAsync(cancellationToken).AsTask();
        Assert.False(flush.IsCompleted);
        return (flush, First + Rest);
    }

    public void EndSending() => Client.Shutdown(SocketShutdown.Send);

    /// <summary>Goes without a word, as a phone that lost its network.</summary>
    public void Reset()
    {
        Client.LingerState = new LingerOption(true, 0);
        Client.Close();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        Server.Abort();
        await Server.DisposeAsync().Soon();
        Client.Dispose();
    }
}
