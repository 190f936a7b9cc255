using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Swiper.Bench.Codec.Frames;

// The hot messages as plain objects, which is how System.Text.Json and MessagePack-CSharp are given them. The order is for
// MessagePack-CSharp, which makes arrays by it, as Swiper's wire has them.

[DataContract]
public sealed record PlainRequest<TArgs>(
    [property: DataMember(Order = 0)] uint Id, [property: DataMember(Order = 1)] ushort Op, [property: DataMember(Order = 2)] TArgs Args);

[DataContract]
public sealed record PlainReply<TData>(
    [property: DataMember(Order = 0)] uint Id, [property: DataMember(Order = 1)] ushort Code,
    [property: DataMember(Order = 2)] TData Data);

[DataContract]
public sealed record PlainPush(
    [property: DataMember(Order = 0)] ushort Op, [property: DataMember(Order = 1)] long Seq,
    [property: DataMember(Order = 2)] long Uid, [property: DataMember(Order = 3)] long At);

[DataContract]
public sealed record PlainNothing;

[DataContract]
public sealed record PlainEcho([property: DataMember(Order = 0)] byte[] Value);

[DataContract]
public sealed record PlainPong([property: DataMember(Order = 0)] long Now);

[DataContract]
public sealed record PlainDeckArgs([property: DataMember(Order = 0)] int Count);

[DataContract]
public sealed record PlainDeckPerson(
    [property: DataMember(Order = 0)] long Uid, [property: DataMember(Order = 1)] string Nickname,
    [property: DataMember(Order = 2)] string Sex, [property: DataMember(Order = 3)] int? Age,
    [property: DataMember(Order = 4)] string Location, [property: DataMember(Order = 5)] int? Km,
    [property: DataMember(Order = 6)] string[] Avatars, [property: DataMember(Order = 7)] bool SuperlikedMe);

[DataContract]
public sealed record PlainSwipeArgs([property: DataMember(Order = 0)] long Sid, [property: DataMember(Order = 1)] int Kind);

[DataContract]
public sealed record PlainSwipeOutcome([property: DataMember(Order = 0)] bool Matched, [property: DataMember(Order = 1)] bool Repeated);

[DataContract]
public sealed record PlainTopArgs([property: DataMember(Order = 0)] string Board, [property: DataMember(Order = 1)] int N);

[DataContract]
public sealed record PlainBoardPerson(
    [property: DataMember(Order = 0)] long Rank, [property: DataMember(Order = 1)] long Uid, [property: DataMember(Order = 2)] long Score,
    [property: DataMember(Order = 3)] string Nickname, [property: DataMember(Order = 4)] string Avatar);

[DataContract]
public sealed record PlainProfileArgs([property: DataMember(Order = 0)] long? Uid);

[DataContract]
public sealed record PlainOwnProfile(
    [property: DataMember(Order = 0)] long Uid, [property: DataMember(Order = 1)] string Nickname,
    [property: DataMember(Order = 2)] string Sex, [property: DataMember(Order = 3)] string Location,
    [property: DataMember(Order = 4)] string[] Avatars, [property: DataMember(Order = 5)] int VipLevel,
    [property: DataMember(Order = 6)] long VipEnd, [property: DataMember(Order = 7)] string Phone,
    [property: DataMember(Order = 8)] string Birthday, [property: DataMember(Order = 9)] double? Lat,
    [property: DataMember(Order = 10)] double? Lon, [property: DataMember(Order = 11)] string DatingSex,
    [property: DataMember(Order = 12)] string DatingLocation, [property: DataMember(Order = 13)] int MinDistance,
    [property: DataMember(Order = 14)] int MaxDistance, [property: DataMember(Order = 15)] int MinAge,
    [property: DataMember(Order = 16)] int MaxAge, [property: DataMember(Order = 17)] bool OnlyMatched,
    [property: DataMember(Order = 18)] bool Vibration, [property: DataMember(Order = 19)] bool AutoPlay);

[DataContract]
public sealed record PlainRankOfArgs([property: DataMember(Order = 0)] string Board, [property: DataMember(Order = 1)] long? Uid);

[DataContract]
public sealed record PlainStanding([property: DataMember(Order = 0)] long? Rank, [property: DataMember(Order = 1)] long Score);

/// <summary>Has the compiler write the code that reads and writes them as JSON.</summary>
[JsonSerializable(typeof(PlainPush))]
[JsonSerializable(typeof(PlainRequest<PlainNothing>))]
[JsonSerializable(typeof(PlainRequest<PlainEcho>))]
[JsonSerializable(typeof(PlainRequest<PlainDeckArgs>))]
[JsonSerializable(typeof(PlainRequest<PlainSwipeArgs>))]
[JsonSerializable(typeof(PlainRequest<PlainTopArgs>))]
[JsonSerializable(typeof(PlainRequest<PlainProfileArgs>))]
[JsonSerializable(typeof(PlainRequest<PlainRankOfArgs>))]
[JsonSerializable(typeof(PlainReply<PlainPong>))]
[JsonSerializable(typeof(PlainReply<PlainEcho>))]
[JsonSerializable(typeof(PlainReply<PlainDeckPerson[]>))]
[JsonSerializable(typeof(PlainReply<PlainSwipeOutcome>))]
[JsonSerializable(typeof(PlainReply<PlainBoardPerson[]>))]
[JsonSerializable(typeof(PlainReply<PlainOwnProfile>))]
[JsonSerializable(typeof(PlainReply<PlainStanding>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class PlainJson : JsonSerializerContext;
