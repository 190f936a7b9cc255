using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>Something the server told by itself.</summary>
/// <param name="Seq">Counts up per user; 0 where the push is about the connection. An app that wants to catch up after a restart keeps
/// the last one and hands it to `ResumeAsync`.</param>
public abstract record SwiperPush(long Seq)
{
    /// <summary>Two people like each other.</summary>
    public sealed record Matched(long Seq, long Uid, DateTimeOffset At) : SwiperPush(Seq);

    /// <summary>Somebody superliked the user.</summary>
    public sealed record Superliked(long Seq, long Uid, DateTimeOffset At) : SwiperPush(Seq);

    /// <summary>The server is about to stop; the client reconnects by itself.</summary>
    public sealed record Draining(long Seq, TimeSpan ReconnectAfter) : SwiperPush(Seq);

    /// <summary>The token is no longer good: log in again.</summary>
    public sealed record SignedOut(long Seq, string Reason) : SwiperPush(Seq);

    /// <summary>
    /// Pushes that won't come any more: no longer kept, from before a login, or not known because the seq resumed after is none of
    /// this user's. Read anew what the app shows.
    /// </summary>
    /// <param name="Seq">As <paramref name="ToSeq"/>.</param>
    /// <param name="FromSeq">The first of them.</param>
    /// <param name="ToSeq">The last of them; it may be 0.</param>
    public sealed record Missed(long Seq, long FromSeq, long ToSeq) : SwiperPush(Seq);

    /// <summary>A push of a server newer than this client.</summary>
    /// <param name="Seq">As for every push.</param>
    /// <param name="Opcode">Its number.</param>
    /// <param name="Content">Its data as MessagePack.</param>
    public sealed record Unknown(long Seq, Opcode Opcode, ReadOnlyMemory<byte> Content) : SwiperPush(Seq);

    /// <exception cref="SwiperProtocolException">The fields are not what the opcode promises.</exception>
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
