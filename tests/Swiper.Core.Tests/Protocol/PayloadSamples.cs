using System.Reflection;
using System.Text.Json;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

/// <summary>
/// Values that payloads are tested with, made from their constructors' parameters: for each type there are several candidates, and
/// a field that refuses one is given the next.
/// </summary>
internal static class PayloadSamples
{
    // What no constructor tells, a line each: [typeof(SomeRequest)] = new SomeRequest(...).
    private static readonly Dictionary<Type, object> Known = [];

    public static T Of<T>()
        where T : IPayload<T>
    {
        if (Known.TryGetValue(typeof(T), out var known))
            return (T)known;
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
                throw new InvalidOperationException($"{typeof(T).Name} refuses every sample ({problem}): give {nameof(PayloadSamples)} one");
        }
    }

    /// <summary>The primary constructor; null where there is none but the parameterless one.</summary>
    public static ConstructorInfo? ConstructorOf(Type type) => type
        .GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        .Where(constructor => constructor.GetParameters() is { Length: > 0 } parameters && parameters[0].ParameterType != type)
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
            return ["text", "F", "2001-02-03", "+15550100001", "123456", "https://example.com/a.jpg", "all", new string('x', 32)];
        if (type == typeof(bool))
            return [true, false];
        if (type == typeof(double))
            return [12.345678901234567, 0.5];
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>();
        if (type == typeof(DateOnly))
            return [new DateOnly(2001, 2, 3)];
        if (IsInteger(type))
            return new long[] { 3, 20, 1, 0, 100, 1_000, 1_700_000_000_000, -1 }.Where(value => Fits(value, type)).Select(value => Convert.ChangeType(value, type));
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
        : type.IsGenericType && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GenericTypeArguments[0])) ? type.GenericTypeArguments[0] : null;

    private static object ListOf(Type type, Type element, int count)
    {
        var elements = Array.CreateInstance(element, count);
        for (var i = 0; i < count; i++)
            elements.SetValue(Candidates(element).First(), i);
        return type.IsArray ? elements : Activator.CreateInstance(typeof(List<>).MakeGenericType(element), elements)!;
    }
}
