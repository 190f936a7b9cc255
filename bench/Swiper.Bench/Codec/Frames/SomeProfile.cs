using Swiper.Core.Accounts;
using Proto = Swiper.Bench.Codec.Frames.Protobuf;

namespace Swiper.Bench.Codec.Frames;

/// <summary>One user in every format.</summary>
internal static class SomeProfile
{
    private const double Lat = 52.52;
    private const double Lon = 13.405;

    private static readonly string[] Avatars = ["https://pictures.example/1.jpg", "https://pictures.example/2.jpg"];

    public static Profile Ada(long uid) => new()
    {
        Uid = uid,
        Phone = "+999123456789",
        Created = 1_786_000_000_000,
        Nickname = "Ada",
        Sex = Sex.Female,
        Birthday = new DateOnly(1998, 12, 10),
        Location = "Berlin",
        Place = new Place(Lat, Lon),
        Avatars = Avatars,
    };

    public static PlainOwnProfile PlainAda(long uid)
    {
        var ada = ProfileView.OfOneself(Ada(uid));
        return new PlainOwnProfile(
            uid, ada.Nickname, "F", ada.Location, Avatars, ada.VipLevel, ada.VipEnd, ada.Own!.Phone, "1998-12-10", Lat, Lon, "M",
            ada.Own.DatingLocation, ada.Own.MinDistance, ada.Own.MaxDistance, ada.Own.MinAge, ada.Own.MaxAge, ada.Own.OnlyMatched,
            ada.Own.Vibration, ada.Own.AutoPlay);
    }

    public static Proto.OwnProfile ProtoAda(long uid)
    {
        var ada = PlainAda(uid);
        return new Proto.OwnProfile
        {
            Uid = ada.Uid,
            Nickname = ada.Nickname,
            Sex = ada.Sex,
            Location = ada.Location,
            Avatars = { ada.Avatars },
            VipLevel = ada.VipLevel,
            VipEnd = ada.VipEnd,
            Phone = ada.Phone,
            Birthday = ada.Birthday,
            Lat = Lat,
            Lon = Lon,
            DatingSex = ada.DatingSex,
            DatingLocation = ada.DatingLocation,
            MinDistance = ada.MinDistance,
            MaxDistance = ada.MaxDistance,
            MinAge = ada.MinAge,
            MaxAge = ada.MaxAge,
            OnlyMatched = ada.OnlyMatched,
            Vibration = ada.Vibration,
            AutoPlay = ada.AutoPlay,
        };
    }
}
