using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>A message that the server sent unasked.</summary>
/// <param name="Seq">Counts up per user; 0 if the push is about the connection. An app that wants to catch up after a restart stores
/// the last one and passes it to `ResumeAsync`.</param>
public abstract record SwiperPush(long Seq)
{
    /// <summary>The user and another like each other.</summary>
    public sealed record Matched(long Seq, long Uid, DateTimeOffset At) : SwiperPush(Seq);

    /// <summary>Someone superliked the user.</summary>
    public sealed record Superliked(long Seq, long Uid, DateTimeOffset At) : SwiperPush(Seq);

    /// <summary>The server is about to stop; the client reconnects automatically.</summary>
    public sealed record Draining(long Seq, TimeSpan ReconnectAfter) : SwiperPush(Seq);

    /// <summary>The token is no longer valid: log in again.</summary>
    public sealed record SignedOut(long Seq, string Reason) : SwiperPush(Seq);

    /// <summary>
    /// Pushes that will not arrive: no longer kept, from before a login, or unknown because the user never had the seq to resume after.
    /// Reload what the app shows.
    /// </summary>
    /// <param name="Seq">As <paramref name="ToSeq"/>.</param>
    /// <param name="FromSeq">The first of them.</param>
    /// <param name="ToSeq">The last of them; it may be 0.</param>
    public sealed record Missed(long Seq, long FromSeq, long ToSeq) : SwiperPush(Seq);

    /// <summary>A push from a server newer than this client.</summary>
    /// <param name="Seq">As for every push.</param>
    /// <param name="Opcode">Its number.</param>
    /// <param name="Content">Its data as MessagePack.</param>
    public sealed record Unknown(long Seq, Opcode Opcode, ReadOnlyMemory<byte> Content) : SwiperPush(Seq);

    /// <exception cref="SwiperProtocolException">The fields do not match the opcode.</exception>
    internal static SwiperPush Read(Opcode opcode, long seq, ReadOnlySpan<byte> data)
    {
        var fields = new FieldReader(data);
        SwiperPush push;
        switch (opcode)
        {
            case Opcode.Matched:
                var match = PersonPush.Read(ref fields);
                push = new Matched(seq, match.Uid, Time(match.At, ref fields));
                break;
            case Opcode.Superliked:
                var superlike = PersonPush.Read(ref fields);
                push = new Superliked(seq, superlike.Uid, Time(superlike.At, ref fields));
                break;
            case Opcode.Draining:
                push = new Draining(seq, TimeSpan.FromMilliseconds(DrainingPush.Read(ref fields).ReconnectAfterMs));
                break;
            case Opcode.SignedOut:
                push = new SignedOut(seq, SignedOutPush.Read(ref fields).Reason);
                break;
            case Opcode.Missed:
                var missed = MissedPush.Read(ref fields);
                push = new Missed(seq, missed.FromSeq, missed.ToSeq);
                break;
            default:
                return new Unknown(seq, opcode, data.ToArray());
        }
        return fields.Problem is { } problem ? throw new SwiperProtocolException($"the server sent a bad {opcode} push: {problem}") : push;
    }

    private static DateTimeOffset Time(long ms, ref FieldReader fields)
    {
        if (ms >= 0 && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return DateTimeOffset.FromUnixTimeMilliseconds(ms);
        fields.Fail("at", "no time");
        return default;
    }
}
