using Swiper.Core.Protocol;

namespace Swiper.Compare.Requests;

/// <summary>The same request over and over with ids that count up, encoded before the measurement: sending one costs no copy.</summary>
internal sealed class RepeatedRequests : IRequestSource
{
    private const int Frames = 1024;

    private readonly byte[] _frames;
    private int _next;

    public RepeatedRequests(Opcode op, RequestFrame.ArgsWriter writeArgs)
    {
        _frames = [.. Enumerable.Range(0, Frames).SelectMany(i => RequestFrame.Of(op, RequestFrame.FirstId + (uint)i, writeArgs))];
        FrameSize = _frames.Length / Frames;
    }

    public int FrameSize { get; }

    /// <summary>An echo of 32 bytes: the request and its reply are frames of one size.</summary>
    public static RepeatedRequests Echo() => new(Opcode.Echo, static (ref writer) =>
    {
        writer.WriteArrayHeader(1);
        writer.WriteBinary("the same 32 bytes for all rivals"u8);
    });

    public static RepeatedRequests Ping() => new(Opcode.Ping, static (ref writer) => writer.WriteArrayHeader(0));

    public static RepeatedRequests OwnProfile() => new(Opcode.Profile, static (ref writer) => writer.WriteArrayHeader(0));

    public static RepeatedRequests Top(int count) => new(Opcode.Top, (ref writer) =>
    {
        writer.WriteArrayHeader(2);
        writer.WriteString("all"u8);
        writer.WriteInt64(count);
    });

    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        // The connections share one run of ids: each sees its own count up, with gaps.
        if (_next + count > Frames)
            _next = 0;
        var frames = _frames.AsSpan(_next * FrameSize, count * FrameSize);
        _next += count;
        return frames;
    }
}
