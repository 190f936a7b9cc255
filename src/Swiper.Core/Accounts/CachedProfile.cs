using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>A profile with its own view encoded once, so that reading it again costs one copy.</summary>
public sealed class CachedProfile(Profile profile)
{
    private byte[]? _ownView;
    private byte[]? _viewAfterVip;

    public Profile Profile { get; } = profile;

    /// <summary>The data of the `profile` reply to the user at a time: an array with one map.</summary>
    internal byte[] OwnViewAt(long now)
    {
        var then = Profile.At(now);
        return ReferenceEquals(then, Profile) ? _ownView ??= Encode(then) : _viewAfterVip ??= Encode(then);
    }

    private static byte[] Encode(Profile then) => PayloadBytes.Of(new ProfileReply(ProfileView.OfOneself(then)));
}
