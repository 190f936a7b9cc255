using Swiper.Core.Protocol;

namespace Swiper.Load.Wire;

/// <summary>Makes request frames without allocating.</summary>
internal interface IRequestSource
{
    /// <summary>The next <paramref name="count"/> frames of a connection, contiguous; valid until the next call.</summary>
    ReadOnlySpan<byte> Next(int connection, int count);
}

/// <summary>The same bytes repeatedly, encoded before the measurement.</summary>
internal sealed class RepeatedBytes(byte[] request) : IRequestSource
{
    private const int Most = 64;

    private readonly byte[] _requests = [.. Enumerable.Repeat(request, Most).SelectMany(bytes => bytes)];

    public ReadOnlySpan<byte> Next(int connection, int count) => _requests.AsSpan(0, count * request.Length);
}

/// <summary>The same request repeatedly with ascending ids, encoded before the measurement so that sending needs no copy.</summary>
internal sealed class RepeatedRequests : IRequestSource
{
    private const int Frames = 1024;

    private readonly byte[] _frames;
    private int _next;

    public RepeatedRequests(Opcode op, RequestFrame.ArgsWriter writeArgs)
        : this(op, _ => writeArgs)
    {
    }

    private RepeatedRequests(Opcode op, Func<int, RequestFrame.ArgsWriter> argsOf)
    {
        _frames = [.. Enumerable.Range(0, Frames).SelectMany(i => RequestFrame.Of(op, RequestFrame.FirstId + (uint)i, argsOf(i)))];
        FrameSize = _frames.Length / Frames;
    }

    public int FrameSize { get; }

    /// <summary>An echo of 32 bytes: request and reply are frames of the same size.</summary>
    public static RepeatedRequests Echo() => new(Opcode.Echo, static (ref writer) =>
    {
        writer.WriteArrayHeader(1);
        writer.WriteBinary("the same 32 bytes for all rivals"u8);
    });

    public static RepeatedRequests Ping() => WithoutArgs(Opcode.Ping);

    public static RepeatedRequests OwnProfile() => WithoutArgs(Opcode.Profile);

    public static RepeatedRequests RankOf() => WithoutArgs(Opcode.RankOf);

    public static RepeatedRequests LikedMe() => WithoutArgs(Opcode.LikedMe);

    public static RepeatedRequests Deck() => WithoutArgs(Opcode.Deck);

    /// <summary>A different location each time, so that every request changes something.</summary>
    public static RepeatedRequests UpdateProfile() => new(Opcode.UpdateProfile, number => (ref writer) =>
    {
        writer.WriteArrayHeader(1);
        writer.WriteMapHeader(1);
        writer.WriteString("location"u8);
        writer.WriteString($"Robotown {number:D4}");
    });

    public static RepeatedRequests Top(int count) => new(Opcode.Top, (ref writer) =>
    {
        writer.WriteArrayHeader(2);
        writer.WriteString("all"u8);
        writer.WriteInt64(count);
    });

    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        // The connections share one sequence of ids: each connection's ids ascend, with gaps.
        if (_next + count > Frames)
            _next = 0;
        var frames = _frames.AsSpan(_next * FrameSize, count * FrameSize);
        _next += count;
        return frames;
    }

    private static RepeatedRequests WithoutArgs(Opcode op) => new(op, static (ref writer) => writer.WriteArrayHeader(0));
}
