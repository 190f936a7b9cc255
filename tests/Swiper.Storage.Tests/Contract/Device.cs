using System.Buffers;
using System.IO.Pipelines;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Tests.Contract;

/// <summary>A signed-in connection whose client reads pushes from a pipe in memory.</summary>
internal sealed class Device
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Pipe _pipe = new();
    private readonly Queue<StoredPush> _received = [];
    private readonly FrameOutput _output;

    public Device(SessionRegistry sessions, long uid, long deviceId = 1)
    {
        _output = new FrameOutput(_pipe.Writer, maxUnsent: int.MaxValue, abort: () => { });
        var session = new Session($"device of {uid}", remote: null, _output, maxInFlight: 256);
        sessions.SignIn(session, new Identity(uid, deviceId, Expires: long.MaxValue));
    }

    /// <summary>What stands for a reply among the pushes.</summary>
    public static StoredPush Replied { get; } = new(0, Opcode.Ping, 0, 0);

    /// <summary>Has the client read <see cref="Replied"/> where it would read the reply to what it has asked.</summary>
    public async Task<TReply> ReplyAsync<TReply>(ValueTask<Outcome<TReply>> answer)
    {
        var outcome = await answer.ConfigureAwait(false);
        _output.AppendPush(Replied.Opcode, Replied.Seq, Replied);
        // The lane's thread must not wait for a test.
        await Task.Yield();
        return outcome.Value;
    }

    /// <summary>The next push, which may take a while to come.</summary>
    public async Task<StoredPush> NextAsync()
    {
        while (_received.Count == 0)
        {
            var read = await _pipe.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
            var consumed = Take(read.Buffer);
            _pipe.Reader.AdvanceTo(consumed, read.Buffer.End);
        }
        return _received.Dequeue();
    }

    /// <summary>The reason of the next push, which signs the connection out.</summary>
    public async Task<string> NextReasonAsync()
    {
        var push = await NextAsync();
        Assert.Equal(Opcode.SignedOut, push.Opcode);
        return PayloadBytes.Read<SignedOutPush>(push.Data).Reason;
    }

    private SequencePosition Take(ReadOnlySequence<byte> buffer)
    {
        using var frames = new FrameReader(buffer, maxFrame: 1 << 16);
        while (frames.Read(out var content) == FrameStatus.Frame)
        {
            var frame = ServerFrame.Read(content);
            var fields = new FieldReader(frame.Content);
            var push = PersonPush.Read(ref fields);
            _received.Enqueue(fields.Problem is null
                ? new StoredPush(frame.Code, (Opcode)frame.Id, push.Uid, push.At)
                : new StoredPush(frame.Code, (Opcode)frame.Id, 0, 0, frame.Content.ToArray()));
        }
        return frames.Consumed;
    }
}
