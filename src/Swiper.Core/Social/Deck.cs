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
    int Count = DeckRequest.DefaultCount)
    : IPayload<DeckRequest>
{
    public const int DefaultCount = 30;
    public const int MaxCount = 100;

    public static DeckRequest Read(scoped ref FieldReader fields) => new(fields.Int32("count", 1, MaxCount, DefaultCount));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteInt64(Count);
    }
}

/// <summary>An array of people; if there are none, of one map: how many people each filter excluded.</summary>
public sealed record DeckReply(
    [Description("the people, in the order to show them"), Elements(IfNone = typeof(DeckExclusions))] IReadOnlyList<DeckPerson> People,
    DeckExclusions Exclusions) : IPayload<DeckReply>
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
        return new(people, default);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Math.Max(1, People.Count));
        if (People.Count == 0)
            WriteExclusions(ref writer);
        // By index: an interface enumerator would be allocated.
        for (var index = 0; index < People.Count; index++)
            People[index].Write(ref writer);
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

    private void WriteExclusions(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(4);
        writer.WriteString("sex"u8);
        writer.WriteInt64(Exclusions.Sex);
        writer.WriteString("place"u8);
        writer.WriteInt64(Exclusions.Place);
        writer.WriteString("age"u8);
        writer.WriteInt64(Exclusions.Age);
        writer.WriteString("seen"u8);
        writer.WriteInt64(Exclusions.Seen);
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
    [Description("true if they superliked the user")] bool SuperlikedMe)
{
    /// <summary>Its maximum size on the wire.</summary>
    internal int MaxBytes
    {
        get
        {
            var bytes = 64 + Encoding.UTF8.GetByteCount(Nickname) + Encoding.UTF8.GetByteCount(Location);
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
            person.Boolean("superliked_me"));
        fields.Fail(person.Problem);
        return read;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(8);
        writer.WriteInt64(Uid);
        writer.WriteString(Nickname);
        writer.WriteString(ProfileFields.Letter(Sex));
        writer.WriteOptionalInt64(Age);
        writer.WriteString(Location);
        writer.WriteOptionalInt64(Km);
        ProfileViewFormat.WriteStrings(ref writer, Avatars);
        writer.WriteBoolean(SuperlikedMe);
    }
}

[Description("Returns people to swipe: first those who superliked the user, in that order, then people of the wanted sex, age and "
    + "distance, nearest first. Superlikers may be of any age and at any distance, but are always of the wanted sex. A deck never "
    + "holds the user, people already swiped, or people who have not set their sex and birthday. Other people's places are known only "
    + "to about a kilometre, so asking from several places does not pinpoint anybody.")]
internal sealed class DeckHandler(
    IDeckRepository decks, IAccountRepository accounts, PermissionPolicy permissions, TimeProvider clock)
    : IDeferredHandler<DeckRequest, DeckReply>
{
    // A reply must fit the largest frame that a client need take.
    private const int MaxBytes = 60 * 1024;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<DeckReply>> HandleAsync(Session session, DeckRequest request)
    {
        if (await accounts.FindAsync(session.Uid) is not { Profile: var me })
            return ProfileHandler.NoSuchUser;
        // It may have been set while the user had the permission.
        if (me.DatingLocation.Length > 0 && me.DatingLocation != me.Location && !permissions.Has(me.Uid, Permission.AnyLocation))
            me = me with { DatingLocation = "" };

        var today = WireTime.Day(clock.NowMs());
        var draw = await decks.DrawAsync(me, request.Count, today);
        var people = new List<DeckPerson>(draw.People.Count);
        var bytes = 0;
        for (var index = 0; index < draw.People.Count; index++)
        {
            var candidate = draw.People[index];
            if (await accounts.FindAsync(candidate.Uid) is not { Profile: var profile })
                continue;
            var person = Show(profile, candidate, today);
            bytes += person.MaxBytes;
            if (bytes > MaxBytes)
                break;
            people.Add(person);
        }
        return new DeckReply(people, draw.Exclusions);
    }

    private static DeckPerson Show(Profile person, DeckCandidate candidate, DateOnly today) => new(
        person.Uid, person.Nickname, person.Sex, person.AgeOn(today), person.Location, candidate.Km,
        ProfileView.VisibleAvatars(person, matched: false), candidate.SuperlikedMe);
}
