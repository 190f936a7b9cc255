using System.ComponentModel;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>The shapes of payloads and of the types inside them, from the parameters of their constructors.</summary>
internal sealed class TypeModels
{
    private readonly Dictionary<string, Type> _named = [];
    private readonly SortedDictionary<string, WireType> _types = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, WireEnum> _enums = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, WireType> Types => _types;

    public IReadOnlyDictionary<string, WireEnum> Enums => _enums;

    public static string? DescriptionOf(ICustomAttributeProvider described) => Attribute<DescriptionAttribute>(described)?.Description;

    /// <summary>The name of a type that is written as an array or a map; its model is among <see cref="Types"/> from now on.</summary>
    public string NameOf(Type type)
    {
        var name = SnakeCase(type.Name);
        if (_named.TryAdd(name, type))
            _types[name] = Model(type);
        else if (_named[name] != type)
            throw new InvalidOperationException($"{type} and {_named[name]} are both {name} to clients");
        return name;
    }

    /// <summary>The same for the data of a failure; null for success.</summary>
    public string? NameOfFailure(StatusCode code)
    {
        if (code == StatusCode.Ok)
            return null;
        var fields = Attribute<FailureDataAttribute>(typeof(StatusCode).GetField(code.ToString())!)?.Fields ?? ["message"];
        var name = $"failure_{string.Join('_', fields)}";
        _types[name] = new WireType("array", Fields: [.. fields.Select(FailureField)]);
        return name;
    }

    private WireField FailureField(string name) => name switch
    {
        "message" => new WireField { Name = name, Type = "str", Description = "what went wrong, for the app's developer" },
        "retry_after_ms" => new WireField
        {
            Name = name, Type = "i32", Min = 0, Max = int.MaxValue, Format = "ms", Description = "when a retry may succeed",
        },
        "permission" => new WireField { Name = name, Type = ScalarName(typeof(Permission)), Description = "what the user lacks" },
        _ => throw new NotSupportedException($"{name} of a failure has no type yet"),
    };

    private WireType Model(Type type)
    {
        if (type == typeof(NoArgs))
            return new WireType("array", Fields: []);
        if (type == typeof(NoData))
            return new WireType("nil");
        if (type.IsByRefLike)
            return new WireType("any_array", DescriptionOf(type));
        if (type == typeof(ProfileView))
        {
            return new WireType("map", "A profile as a user may see it.",
                [.. ProfileFieldList.All.Select(ProfileField)]);
        }
        if (type == typeof(ProfileChange))
        {
            return new WireType("map", "New values for some fields of one's own profile; the others stay as they are.",
                [.. ProfileFieldList.All.Where(field => field.MayBeChanged).Select(field =>
                    ProfileField(field) with { Optional = true, Nullable = field.MayBeRemoved, SeenBy = null })]);
        }

        var parameters = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters();
        if (parameters.SingleOrDefault(parameter => Attribute<ElementsAttribute>(parameter) is not null) is { } list)
        {
            var elements = Attribute<ElementsAttribute>(list)!;
            var ifNone = elements.IfNone;
            return new WireType(
                "list", DescriptionOf(list), Of: NameOf(list.ParameterType.GetGenericArguments()[0]),
                IfNone: ifNone is null ? null : NameOf(ifNone), ListName: SnakeCase(list.Name!),
                IfNoneName: ifNone is null ? null
                    : SnakeCase(parameters.Single(other =>
                        (Nullable.GetUnderlyingType(other.ParameterType) ?? other.ParameterType) == ifNone).Name!),
                MayFollow: elements.MayFollow);
        }
        return new WireType(
            Attribute<MapAttribute>(type) is null ? "array" : "map",
            DescriptionOf(type) ?? (IsPayload(type) ? null : throw new InvalidOperationException($"{type} has no description")),
            Fields: [.. parameters.Select(parameter => Field(type, parameter))]);
    }

    private WireField Field(Type owner, ParameterInfo parameter)
    {
        var name = SnakeCase(parameter.Name!);
        var within = Attribute<WithinAttribute>(parameter);
        return Field(name, parameter.ParameterType) with
        {
            Nullable = new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable,
            Optional = parameter.HasDefaultValue,
            Default = parameter is { HasDefaultValue: true, DefaultValue: { } value } ? OnWire(parameter.ParameterType, value) : null,
            Format = Attribute<TimeAttribute>(parameter) is not null ? "unix_ms"
                : name.EndsWith("_ms", StringComparison.Ordinal) ? "ms"
                : name.EndsWith("_s", StringComparison.Ordinal) ? "s" : null,
            Min = within?.Min,
            Max = within?.Max == long.MaxValue ? null : within?.Max,
            MaxBytes = Attribute<MaxBytesAttribute>(parameter)?.Bytes,
            Description = DescriptionOf(parameter)
                ?? throw new InvalidOperationException($"{parameter.Name} of {owner} has no description"),
        };
    }

    private WireField ProfileField(ProfileFieldDescription field) => Field(field.Name, field.Type) with
    {
        Nullable = Nullable.GetUnderlyingType(field.Type) is not null,
        Optional = field.Seen != ProfileFieldSeen.ByAll,
        Format = field.Type == typeof(DateTimeOffset) ? "unix_ms" : field.Type == typeof(DateOnly?) ? "date" : null,
        Min = field.Min,
        Max = field.Max,
        MinBytes = field.MinBytes,
        MaxBytes = field.MaxBytes,
        MaxCount = field.MaxCount,
        SeenBy = field.Seen switch { ProfileFieldSeen.ByAll => "all", ProfileFieldSeen.ByOneself => "oneself", _ => "others" },
        Description = field.Meaning,
    };

    private WireField Field(string name, Type type)
    {
        var isArray = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
        var value = isArray ? type.GetGenericArguments()[0] : Nullable.GetUnderlyingType(type) ?? type;
        return new WireField { Name = name, Type = ScalarName(value), IsArray = isArray, Description = "" };
    }

    private string ScalarName(Type type) => type switch
    {
        _ when type == typeof(string) || type == typeof(DateOnly) => "str",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(int) => "i32",
        _ when type == typeof(long) || type == typeof(DateTimeOffset) => "i64",
        _ when type == typeof(double) => "f64",
        { IsEnum: true } => EnumName(type),
        _ => NameOf(type),
    };

    private string EnumName(Type type)
    {
        var name = SnakeCase(type.Name);
        if (_enums.ContainsKey(name))
            return name;
        var values = Enum.GetValues(type).Cast<object>().ToList();
        // An enum that has words is written as words; a value without one, such as a sex that is not set, is nil.
        var words = values.Where(value => Word(type, value) is not null).ToList();
        _enums[name] = new WireEnum(
            DescriptionOf(type) ?? throw new InvalidOperationException($"{type} has no description"),
            words is [] ? "int" : "str",
            (words is [] ? values : words).ToDictionary(value => SnakeCase(value.ToString()!), value => OnWire(type, value)));
        return name;
    }

    // What args and data are for is said by their opcode.
    private static bool IsPayload(Type type) => Array.Exists(
        type.GetInterfaces(), static contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IPayload<>));

    private static JsonValue OnWire(Type type, object value) => value switch
    {
        Enum when Word(type, value) is { } word => JsonValue.Create(word),
        Enum or int or long => JsonValue.Create(Convert.ToInt64(value)),
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        _ => throw new NotSupportedException($"{value} is no default yet"),
    };

    private static string? Word(Type type, object value) => type == typeof(Permission)
        ? SnakeCase(value.ToString()!)
        : Attribute<EnumMemberAttribute>(type.GetField(value.ToString()!)!)?.Value;

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static T? Attribute<T>(ICustomAttributeProvider described)
        where T : Attribute => described.GetCustomAttributes(typeof(T), inherit: false) is [T attribute, ..] ? attribute : null;
}
