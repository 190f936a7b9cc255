using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>A message that the server sent unasked. The kinds known to this client are generated: Pushes/SwiperPush.g.cs.</summary>
/// <param name="Seq">Counts up per user; 0 if the push is about the connection. An app that wants to catch up after a restart stores
/// the last one and passes it to `ResumeAsync`.</param>
public abstract partial record SwiperPush(long Seq)
{
    /// <summary>A push from a server newer than this client.</summary>
    /// <param name="Seq">As for every push.</param>
    /// <param name="Opcode">Its number.</param>
    /// <param name="Content">Its data as MessagePack.</param>
    public sealed record Unknown(long Seq, Opcode Opcode, ReadOnlyMemory<byte> Content) : SwiperPush(Seq);

    /// <exception cref="SwiperProtocolException">The fields do not match the opcode.</exception>
    internal static SwiperPush Read(Opcode opcode, long seq, ReadOnlySpan<byte> data)
    {
        var fields = new FieldReader(data);
        var push = TryRead(opcode, seq, ref fields);
        if (fields.Problem is { } problem)
            throw new SwiperProtocolException($"the server sent a bad {opcode} push: {problem}");
        return push ?? new Unknown(seq, opcode, data.ToArray());
    }

    private static DateTimeOffset Time(string name, ref FieldReader fields)
    {
        var ms = fields.Int64(name);
        if (ms >= 0 && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return DateTimeOffset.FromUnixTimeMilliseconds(ms);
        fields.Fail(name, "no time");
        return default;
    }
}
