using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Social;

public readonly record struct DeckRequest(
    [Description("maximum number of people; fewer are returned if more would not fit a frame"), Within(1, DeckRequest.MaxCount)]
    int Count = DeckRequest.DefaultCount,
    [Description("true for a deck that explains itself: why each of the people stands where they do, and what each filter left out")]
    bool Why = false)
    : IPayload<DeckRequest>
{
    public const int DefaultCount = 30;
    public const int MaxCount = 100;

    public static DeckRequest Read(scoped ref FieldReader fields) =>
        new(fields.Int32("count", 1, MaxCount, DefaultCount), fields.Boolean("why", missing: false));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(Count);
        writer.WriteBoolean(Why);
    }
}

/// <summary>
/// An array of people; if there are none, or the deck explains itself, one map stands behind them: how many people each filter excluded.
/// </summary>
public sealed record DeckReply(
    [Description("the people, in the order to show them"), Elements(IfNone = typeof(DeckExclusions), MayFollow = true)]
    IReadOnlyList<DeckPerson> People,
    DeckExclusions? Exclusions) : IPayload<DeckReply>
{
    public static DeckReply Read(scoped ref FieldReader fields)
    {
        var people = new List<DeckPerson>();
        while (fields.Left > 0)
        {
            if (fields.NextKind == MessagePackKind.Map)
                return new(people, ReadExclusions(ref fields));
            people.Add(DeckPerson.Read(ref fields));
        }
        return new(people, null);
    }

    public void Write(ref MessagePackWriter writer)
    {
        var hasExclusions = People.Count == 0 || Exclusions is not null;
        writer.WriteArrayHeader(People.Count + (hasExclusions ? 1 : 0));
        // By index: an interface enumerator would be allocated.
        for (var index = 0; index < People.Count; index++)
            People[index].Write(ref writer);
        if (hasExclusions)
            WriteExclusions(ref writer, Exclusions.GetValueOrDefault());
    }

    private static DeckExclusions ReadExclusions(ref FieldReader fields)
    {
        var pairs = fields.Pairs("exclusions");
        var exclusions = default(DeckExclusions);
        while (pairs.Left > 0)
        {
            var filter = pairs.String("filter", 32);
            var count = pairs.Int64(filter);
            exclusions = filter switch
            {
                "sex" => exclusions with { Sex = count },
                "place" => exclusions with { Place = count },
                "age" => exclusions with { Age = count },
                "seen" => exclusions with { Seen = count },
                _ => exclusions,
            };
        }
        fields.Fail(pairs.Problem);
        return exclusions;
    }

    private static void WriteExclusions(ref MessagePackWriter writer, in DeckExclusions exclusions)
    {
        writer.WriteMapHeader(4);
        writer.WriteString("sex"u8);
        writer.WriteInt64(exclusions.Sex);
        writer.WriteString("place"u8);
        writer.WriteInt64(exclusions.Place);
        writer.WriteString("age"u8);
        writer.WriteInt64(exclusions.Age);
        writer.WriteString("seen"u8);
        writer.WriteInt64(exclusions.Seen);
    }
}

[Description("Somebody on a deck.")]
public sealed record DeckPerson(
    [Description("the user")] long Uid,
    [Description("their name")] string Nickname,
    [Description("their sex")] Sex Sex,
    [Description("in years")] int? Age,
    [Description("where they say they are from")] string Location,
    [Description("how far away, in whole kilometres, rounded up; nil if either place is not set")] int? Km,
    [Description("the pictures they show strangers")] IReadOnlyList<string> Avatars,
    [Description("true if they superliked the user")] bool SuperlikedMe,
    [Description("of a deck that explains itself; of another one it is left out")] DeckWhy? Why = null)
{
    private const int FieldsWithoutWhy = 8;

    /// <summary>Its maximum size on the wire.</summary>
    internal int MaxBytes
    {
        get
        {
            var bytes = (Why is null ? 64 : 128) + Encoding.UTF8.GetByteCount(Nickname) + Encoding.UTF8.GetByteCount(Location);
            for (var index = 0; index < Avatars.Count; index++)
                bytes += 5 + Encoding.UTF8.GetByteCount(Avatars[index]);
            return bytes;
        }
    }

    internal static DeckPerson Read(ref FieldReader fields)
    {
        var person = fields.Elements("person");
        var read = new DeckPerson(
            person.Int64("uid"),
            person.String("nickname", int.MaxValue),
            ProfileFields.SexOf("sex", ref person),
            (int?)person.OptionalInt64("age"),
            person.String("location", int.MaxValue),
            (int?)person.OptionalInt64("km"),
            ProfileFields.Avatars("avatars", ref person),
            person.Boolean("superliked_me"),
            person.NextKind == MessagePackKind.Map ? ReadWhy(ref person) : null);
        fields.Fail(person.Problem);
        return read;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(FieldsWithoutWhy + (Why is null ? 0 : 1));
        writer.WriteInt64(Uid);
        writer.WriteString(Nickname);
        writer.WriteString(ProfileFields.Letter(Sex));
        writer.WriteOptionalInt64(Age);
        writer.WriteString(Location);
        writer.WriteOptionalInt64(Km);
        ProfileViewFormat.WriteStrings(ref writer, Avatars);
        writer.WriteBoolean(SuperlikedMe);
        if (Why is not null)
            WriteWhy(ref writer, Why);
    }

    private static DeckWhy ReadWhy(ref FieldReader fields)
    {
        var pairs = fields.Pairs("why");
        var why = new DeckWhy(0, 0, 0, 0, 0, false);
        while (pairs.Left > 0)
        {
            var part = pairs.String("part", 32);
            why = part switch
            {
                "hot" => why with { Hot = ReadPoints(ref pairs, part) },
                "active" => why with { Active = ReadPoints(ref pairs, part) },
                "near" => why with { Near = ReadPoints(ref pairs, part) },
                "luck" => why with { Luck = ReadPoints(ref pairs, part) },
                "score" => why with { Score = ReadPoints(ref pairs, part) },
                "turn" => why with { Turn = pairs.Boolean(part) },
                _ => Skip(ref pairs, part, why),
            };
        }
        fields.Fail(pairs.Problem);
        return why;
    }

    private static int ReadPoints(ref FieldReader pairs, string part) => pairs.Int32(part, int.MinValue, int.MaxValue);

    private static DeckWhy Skip(ref FieldReader pairs, string part, DeckWhy why)
    {
        pairs.Raw(part);
        return why;
    }

    private static void WriteWhy(ref MessagePackWriter writer, DeckWhy why)
    {
        writer.WriteMapHeader(6);
        writer.WriteString("hot"u8);
        writer.WriteInt64(why.Hot);
        writer.WriteString("active"u8);
        writer.WriteInt64(why.Active);
        writer.WriteString("near"u8);
        writer.WriteInt64(why.Near);
        writer.WriteString("luck"u8);
        writer.WriteInt64(why.Luck);
        writer.WriteString("score"u8);
        writer.WriteInt64(why.Score);
        writer.WriteString("turn"u8);
        writer.WriteBoolean(why.Turn);
    }
}

[Description("Returns people to swipe: first those who superliked the user, in that order, then people of the wanted sex, age and "
    + "distance. These are ordered by a score of how hot, how active and how near they are and of luck, by [the rules in "
    + "numbers](#rules-in-numbers); every fifth place goes by turns, to somebody active who was not shown to anybody today. The order "
    + "is the same all day but for what people do. Superlikers may be of any age and at any distance, but are always of the wanted "
    + "sex. A deck never holds the user, people already swiped, or people who have not set their sex and birthday. Other people's "
    + "places are known only to about a kilometre, so asking from several places does not pinpoint anybody.")]
internal sealed class DeckHandler(
    IDeckRepository decks, IAccountRepository accounts, IActivityRepository activity, PermissionPolicy permissions,
    TimeProvider clock)
    : IDeferredHandler<DeckRequest, DeckReply>
{
    // A reply must fit the largest frame that a client need take.
    private const int MaxBytes = 60 * 1024;

    private static readonly Failure SignedOut = new(StatusCode.LoginRequired, "you were signed out meanwhile");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<DeckReply>> HandleAsync(Session session, DeckRequest request)
    {
        // Of the one who asks: while the profile is read the connection may become somebody else's.
        var left = session.Left;
        if (await accounts.FindAsync(session.Uid) is not { Profile: var me })
            return ProfileHandler.NoSuchUser;
        // It may have been set while the user had the permission.
        if (me.DatingLocation.Length > 0 && me.DatingLocation != me.Location && !permissions.Has(me.Uid, Permission.AnyLocation))
            me = me with { DatingLocation = "" };

        activity.Note(me.Uid);
        var today = WireTime.Day(clock.NowMs());
        DeckDraw draw;
        try
        {
            draw = await decks.DrawAsync(me, request.Count, today, request.Why, left);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            return SignedOut;
        }
        var people = new List<DeckPerson>(draw.People.Count);
        var (index, bytes) = (0, 0);
        for (; index < draw.People.Count; index++)
        {
            var candidate = draw.People[index];
            if (await accounts.FindAsync(candidate.Uid) is not { Profile: var profile })
                continue;
            var person = Show(profile, candidate, draw.Whys?[index], today);
            bytes += person.MaxBytes;
            if (bytes > MaxBytes)
                break;
            people.Add(person);
        }
        decks.Shown(me.Uid, draw, index, today);
        return new DeckReply(people, request.Why || people.Count == 0 ? draw.Exclusions : null);
    }

    private static DeckPerson Show(Profile person, DeckCandidate candidate, DeckWhy? why, DateOnly today) => new(
        person.Uid, person.Nickname, person.Sex, person.AgeOn(today), person.Location, candidate.Km,
        ProfileView.VisibleAvatars(person, matched: false), candidate.SuperlikedMe, why);
}
