using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

public readonly record struct ProfileRequest(
    [Description("the user; the signed-in one if absent")] long? Uid = null) : IPayload<ProfileRequest>
{
    public static ProfileRequest Read(scoped ref FieldReader fields) => new(fields.OptionalInt64("uid"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteOptionalInt64(Uid);
    }
}

/// <summary>One map of fields.</summary>
public readonly struct ProfileReply : IPayload<ProfileReply>
{
    private static readonly ProfileView Encoded = new();

    private readonly byte[]? _encoded;

    public ProfileReply([Description("the fields")] ProfileView profile) => Profile = profile;

    internal ProfileReply(byte[] encoded)
    {
        Profile = Encoded;
        _encoded = encoded;
    }

    public ProfileView Profile { get; }

    public static ProfileReply Read(scoped ref FieldReader fields) => new(ProfileViewFormat.Read("profile", ref fields));

    public void Write(ref MessagePackWriter writer)
    {
        if (_encoded is not null)
        {
            writer.WriteRaw(_encoded);
            return;
        }
        writer.WriteArrayHeader(1);
        ProfileViewFormat.Write(ref writer, Profile);
    }
}

[Description("Returns a profile: all fields of one's own, the public fields of another's.")]
internal sealed class ProfileHandler(
    IAccountRepository accounts, IFriendRepository friends, IBlockRepository blocks, TimeProvider clock)
    : IDeferredHandler<ProfileRequest, ProfileReply>
{
    internal static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "no user has this uid");

    public ValueTask<Outcome<ProfileReply>> HandleAsync(Session session, ProfileRequest request)
    {
        var uid = request.Uid ?? session.Uid;
        if (blocks.AreBlocked(session.Uid, uid))
            return ValueTask.FromResult<Outcome<ProfileReply>>(IBlockRepository.Blocked);
        var find = accounts.FindAsync(uid);
        if (uid != session.Uid || !find.IsCompletedSuccessfully)
            return AnswerLaterAsync(session.Uid, find);
        return ValueTask.FromResult<Outcome<ProfileReply>>(find.Result is { } found
            ? new ProfileReply(found.OwnViewAt(clock.NowMs())) : NoSuchUser);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<ProfileReply>> AnswerLaterAsync(long viewer, ValueTask<CachedProfile?> find)
    {
        if (await find is not { } found)
            return NoSuchUser;
        var now = clock.NowMs();
        if (found.Profile.Uid == viewer)
            return new ProfileReply(found.OwnViewAt(now));
        var profile = found.Profile.At(now);

        var matched = profile.OnlyMatched && await friends.AreFriendsAsync(viewer, profile.Uid);
        return new ProfileReply(ProfileView.OfOther(profile, WireTime.Day(now), matched));
    }
}
