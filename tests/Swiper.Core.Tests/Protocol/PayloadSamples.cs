using System.Reflection;
using System.Text.Json;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Core.Tests.Protocol;

/// <summary>
/// Values that payloads are tested with, made from their constructors' parameters: for each type there are several candidates, and
/// a field that refuses one is given the next.
/// </summary>
internal static class PayloadSamples
{
    // What constructors don't tell; the first of each is a typical one.
    private static readonly Dictionary<Type, object[]> Known = new()
    {
        [typeof(UpdateProfileRequest)] =
        [
            new UpdateProfileRequest(new ProfileChange
            {
                Nickname = "Ana", Sex = Sex.Female, Birthday = new DateOnly(2001, 2, 3), Location = "Kyiv", Lat = 50.45, Lon = 30.5,
                Avatars = ["https://example.com/a.jpg"], DatingSex = Sex.Male, DatingLocation = "", MinDistance = 1, MaxDistance = 20,
                MinAge = 20, MaxAge = 30, OnlyMatched = true, Vibration = false, AutoPlay = true,
            }),
            new UpdateProfileRequest(new ProfileChange()),
            new UpdateProfileRequest(new ProfileChange { RemovePlace = true }),
        ],
        [typeof(ProfileReply)] =
        [
            new ProfileReply(new ProfileView { Uid = 1, Nickname = "Ana", Age = 25, Avatars = ["a"], VipLevel = 2, VipEnd = 3 }),
            new ProfileReply(new ProfileView { Sex = Sex.Male, Own = new ProfileView.OwnFields() }),
            new ProfileReply(new ProfileView
            {
                Own = new ProfileView.OwnFields
                {
                    Phone = "+1*******01", Birthday = new DateOnly(2001, 2, 3), Place = new Place(50.45, 30.5), DatingSex = Sex.Male,
                    DatingLocation = "Kyiv", MinDistance = 1, MaxDistance = 2, MinAge = 20, MaxAge = 30, OnlyMatched = true,
                    AutoPlay = true,
                },
            }),
        ],
        [typeof(DeckReply)] =
        [
            new DeckReply(
                [new DeckPerson(1, "Ana", Sex.Female, 25, "Kyiv", 3, ["a", "b"], true), new DeckPerson(2, "", Sex.Male, null, "", null,
                    [], false), new DeckPerson(3, "Bo", Sex.Male, 18, "", 0, ["c"], false)],
                null),
            new DeckReply(
                [new DeckPerson(1, "Ana", Sex.Female, 25, "Kyiv", 3, ["a"], true, new DeckWhy(300, 299, 0, 100, 699, true))],
                new DeckExclusions(Sex: 1, Place: 0, Age: 3, Seen: 4)),
            new DeckReply([], new DeckExclusions(Sex: 1, Place: 2, Age: 3, Seen: 4)),
        ],
    };

    public static IEnumerable<T> Of<T>()
        where T : IPayload<T> =>
        Known.TryGetValue(typeof(T), out var known) ? known.Cast<T>() : [Made<T>()];

    /// <summary>The samples of a payload as they are on the wire.</summary>
    public static IEnumerable<byte[]> Encoded(Type payload) =>
        (IEnumerable<byte[]>)typeof(PayloadSamples).GetMethod(nameof(EncodedOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(payload).Invoke(null, null)!;

    private static List<byte[]> EncodedOf<T>()
        where T : IPayload<T> =>
        [.. Of<T>().Select(sample => Wire.Write((ref writer) => sample.Write(ref writer)))];

    private static T Made<T>()
        where T : IPayload<T>
    {
        if (ConstructorOf(typeof(T)) is not { } constructor)
            return Activator.CreateInstance<T>();

        var parameters = constructor.GetParameters();
        var candidates = parameters.Select(parameter => Candidates(parameter.ParameterType).ToList()).ToList();
        // Each round gives the field that refused its candidate the next one.
        var chosen = new int[parameters.Length];
        while (true)
        {
            var sample = (T)constructor.Invoke([.. chosen.Select((choice, i) => candidates[i][choice])]);
            if (Problem(sample) is not { } problem)
                return sample;
            var refused = Array.FindIndex(parameters, parameter =>
                problem.StartsWith(JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!) + ":", StringComparison.Ordinal));
            if (refused < 0 || ++chosen[refused] == candidates[refused].Count)
                throw new InvalidOperationException(
                    $"{typeof(T).Name} refuses every sample ({problem}): give {nameof(PayloadSamples)} one");
        }
    }

    /// <summary>The primary constructor; null where there is none but the parameterless one.</summary>
    public static ConstructorInfo? ConstructorOf(Type type) => type
        .GetConstructors()
        .Where(constructor => constructor.GetParameters().Length > 0)
        .MaxBy(constructor => constructor.GetParameters().Length);

    /// <summary>True for types that hold bytes of any MessagePack value, so that nothing is a wrong type for them.</summary>
    public static bool IsAnyValue(Type type) => type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>);

    private static string? Problem<T>(T sample)
        where T : IPayload<T>
    {
        var fields = new FieldReader(Wire.Write((ref writer) => sample.Write(ref writer)));
        T.Read(ref fields);
        return fields.Problem;
    }

    private static IEnumerable<object?> Candidates(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Candidates(underlying);
        if (type == typeof(string))
            return ["text", "F", "2001-02-03", "+15550100001", "123456", "https://example.com/a.jpg", "all", "17.18",
                new string('x', 32)];
        if (type == typeof(bool))
            return [true, false];
        if (type == typeof(double))
            return [12.345678901234567, 0.5];
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>();
        if (type == typeof(DateOnly))
            return [new DateOnly(2001, 2, 3)];
        if (IsInteger(type))
            return new long[] { 3, 20, 1, 0, 100, 1_000, 1_700_000_000_000, -1 }.Where(value => Fits(value, type))
                .Select(value => Convert.ChangeType(value, type));
        if (type == typeof(byte[]))
            return [new byte[] { 0x92, 0x01, 0x02 }];
        if (type == typeof(ReadOnlyMemory<byte>))
            return [new ReadOnlyMemory<byte>([0x92, 0x01, 0x02])];
        if (ElementOf(type) is { } element)
            return [ListOf(type, element, 3), ListOf(type, element, 1), ListOf(type, element, 0)];
        if (ConstructorOf(type) is { } constructor)
            return [constructor.Invoke([.. constructor.GetParameters().Select(parameter => Candidates(parameter.ParameterType).First())])];
        throw new InvalidOperationException($"no sample of {type}: give {nameof(PayloadSamples)} one");
    }

    private static bool IsInteger(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64;

    private static bool Fits(long value, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => value is >= 0 and <= byte.MaxValue,
        TypeCode.SByte => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        TypeCode.Int16 => value is >= short.MinValue and <= short.MaxValue,
        TypeCode.UInt16 => value is >= 0 and <= ushort.MaxValue,
        TypeCode.Int32 => value is >= int.MinValue and <= int.MaxValue,
        TypeCode.UInt32 => value is >= 0 and <= uint.MaxValue,
        TypeCode.UInt64 => value >= 0,
        _ => true,
    };

    private static Type? ElementOf(Type type) => type.IsArray
        ? type.GetElementType()
        : type.IsGenericType && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GenericTypeArguments[0]))
            ? type.GenericTypeArguments[0] : null;

    private static object ListOf(Type type, Type element, int count)
    {
        var elements = Array.CreateInstance(element, count);
        for (var i = 0; i < count; i++)
            elements.SetValue(Candidates(element).First(), i);
        return type.IsArray ? elements : Activator.CreateInstance(typeof(List<>).MakeGenericType(element), elements)!;
    }
}
