using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Swiper.Host.Tests.Transport;

/// <summary>
/// One connection whose two sides send each other a stream each, in any way that they may, until one of them ends it in some way.
/// </summary>
internal sealed class RandomTraffic(ConnectionPair pair, int seed)
{
    private const int LongestStream = 400_000;

    private readonly Ending _ending = (Ending)new Random(seed).Next(4);
    private readonly int _fromClient = new Random(seed + 1).Next(LongestStream);
    private readonly int _fromServer = new Random(seed + 2).Next(LongestStream);
    private readonly Pattern _clientsStream = new(seed);
    private readonly Pattern _serversStream = new(~seed);
    private long _read;
    private long _written;
    private long _sent;
    private long _received;

    private enum Ending
    {
        /// <summary>Both sides send all, and read all of the other.</summary>
        Orderly,

        /// <summary>The same, while the server's reads and flushes are cancelled all the time.</summary>
        OrderlyWithCancellations,
        ClientResets,
        ServerAborts,
    }

    public async Task RunAsync()
    {
        using var cancelling = new CancellationTokenSource();
        var cancellations = _ending == Ending.OrderlyWithCancellations
            ? Task.Run(() => CancelAsync(cancelling.Token))
            : Task.CompletedTask;
        Task[] client = [Task.Run(SendAsync), Task.Run(ReceiveAsync)];
        Task[] server = [Task.Run(ReadAsync), Task.Run(WriteAsync)];
        if (!IsOrderly)
            await EndAsync();
        await Task.WhenAll(server).Soon();
        await cancelling.CancelAsync();
        await cancellations.Soon();
        await pair.Server.DisposeAsync().Soon();
        await Task.WhenAll(client).Soon();
        if (IsOrderly)
            Assert.Equal((_fromClient, _fromServer), (_read, _received));
        pair.Client.Dispose();
    }

    private bool IsOrderly => _ending is Ending.Orderly or Ending.OrderlyWithCancellations;

    public override string ToString() =>
        $"{_ending}; client sent {_sent} of {_fromClient}, read {_read}; server wrote {_written} of {_fromServer}, received {_received}";

    // At any moment of the traffic.
    private async Task EndAsync()
    {
        for (var hops = new Random(seed + 3).Next(200); hops > 0; hops--)
            await Task.Yield();
        if (_ending == Ending.ClientResets)
            pair.Reset();
        else
            pair.Server.Abort(new ConnectionAbortedException("at random"));
    }

    private async Task CancelAsync(CancellationToken end)
    {
        var random = new Random(seed + 4);
        while (!end.IsCancellationRequested)
        {
            if (random.Next(2) == 0)
                pair.Input.CancelPendingRead();
            else
                pair.Output.CancelPendingFlush();
            for (var hops = random.Next(20); hops >= 0; hops--)
                await Task.Yield();
        }
    }

    private async Task SendAsync()
    {
        var random = new Random(seed + 5);
        try
        {
            while (_sent < _fromClient)
            {
                var chunk = Chunk(random, _fromClient - _sent);
                var bytes = _clientsStream.Bytes(_sent, chunk).AsMemory();
                while (!bytes.IsEmpty)
                {
                    var sent = await pair.Client.SendAsync(bytes);
                    bytes = bytes[sent..];
                    _sent += sent;
                }
                await HopAsync(random);
            }
            pair.EndSending();
        }
        catch (Exception exception) when (IsGone(exception))
        {
        }
    }

    private async Task ReceiveAsync()
    {
        var random = new Random(seed + 6);
        var buffer = new byte[100_000];
        try
        {
            while (true)
            {
                var received = await pair.Client.ReceiveAsync(buffer.AsMemory(0, random.Next(1, random.Next(2, buffer.Length))));
                if (received == 0)
                    return;
                _serversStream.AssertIs(buffer.AsSpan(0, received), _received);
                _received += received;
                await HopAsync(random);
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
        }
    }

    private async Task ReadAsync()
    {
        var random = new Random(seed + 7);
        var seen = 0L;
        try
        {
            while (true)
            {
                ReadResult read;
                try
                {
                    using var source = Cancellation(random);
                    read = await pair.Input.ReadAsync(source?.Token ?? CancellationToken.None);
                }
                catch (OperationCanceledException exception) when (exception is not ConnectionAbortedException)
                {
                    continue;
                }
                _clientsStream.AssertIs(read.Buffer.ToArray(), _read);
                await HopAsync(random);
                var length = read.Buffer.Length;
                if (read.IsCompleted)
                {
                    _read += length;
                    pair.Input.AdvanceTo(read.Buffer.End);
                    return;
                }
                var consumed = random.Next(3) == 0 ? random.NextInt64(length + 1) : length;
                // What was examined once can't be unseen.
                var least = Math.Max(consumed, seen - _read);
                var examined = random.Next(3) == 0 ? least + random.NextInt64(length - least + 1) : length;
                pair.Input.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.GetPosition(examined));
                seen = _read + examined;
                _read += consumed;
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
        }
    }

    private async Task WriteAsync()
    {
        var random = new Random(seed + 8);
        while (_written < _fromServer)
        {
            var chunk = Chunk(random, _fromServer - _written);
            pair.Output.Write(_serversStream.Bytes(_written, chunk));
            _written += chunk;
            try
            {
                using var source = Cancellation(random);
                if ((await pair.Output.FlushAsync(source?.Token ?? CancellationToken.None)).IsCompleted)
                    return;
            }
            catch (OperationCanceledException)
            {
            }
            await HopAsync(random);
        }
        while (await pair.Output.FlushAsync() is { IsCanceled: true, IsCompleted: false })
        {
        }
    }

    // Fires at any moment from another thread, or never.
    private static CancellationTokenSource? Cancellation(Random random)
    {
        if (random.Next(4) != 0)
            return null;
        var source = new CancellationTokenSource();
        var hops = random.Next(30);
        _ = Task.Run(async () =>
        {
            while (hops-- > 0)
                await Task.Yield();
            try
            {
                await source.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
            }
        });
        return source;
    }

    private static int Chunk(Random random, long left) => (int)Math.Min(random.Next(1, random.Next(2, 150_000)), left);

    private static async Task HopAsync(Random random)
    {
        if (random.Next(2) == 0)
            return;
        for (var hops = random.Next(5); hops > 0; hops--)
            await Task.Yield();
    }

    private bool IsGone(Exception exception) =>
        !IsOrderly && exception is SocketException or ObjectDisposedException or IOException or ConnectionAbortedException;
}
