using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>The fields of a payload, from the parameters of its constructor.</summary>
internal static class PayloadShape
{
    public static IReadOnlyList<Field> FieldsOf(Type payload)
    {
        if (payload == typeof(NoArgs) || payload == typeof(NoData) || payload.IsByRefLike)
            return [];
        var parameters = payload.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters();
        var described = parameters.Where(parameter => Description(parameter) is not null).ToArray();
        // A list that is the only field is the payload's array itself.
        return [.. described.Select(parameter =>
            ToField(parameter, listName: described.Length == 1 ? "any number of elements" : "array"))];
    }

    /// <summary>A payload that is not a fixed list of fields says so itself.</summary>
    public static string? FreeShape(Type payload) => payload.IsByRefLike ? Description(payload) : null;

    public static string? Description(ICustomAttributeProvider described) =>
        described.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute description, ..]
            ? description.Description : null;

    private static Field ToField(ParameterInfo parameter, string listName) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!),
        TypeName(parameter, listName),
        parameter.HasDefaultValue,
        Default(parameter),
        Description(parameter)!);

    private static string TypeName(ParameterInfo parameter, string listName)
    {
        var type = parameter.ParameterType;
        var name = TypeName(Nullable.GetUnderlyingType(type) ?? type, listName);
        return new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable ? $"{name} or nil" : name;
    }

    private static string TypeName(Type type, string listName) => type switch
    {
        _ when type == typeof(string) || type == typeof(BoardName) => "str",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(long) || type == typeof(int) || type.IsEnum => "int",
        _ when type == typeof(ProfileView) || type == typeof(ProfileChange) => "map",
        _ when type.IsGenericType => listName,
        _ => throw new NotSupportedException($"{type} has no name on the wire yet"),
    };

    private static string? Default(ParameterInfo parameter) => parameter switch
    {
        { HasDefaultValue: false } or { DefaultValue: null } => null,
        { ParameterType: var type } when type == typeof(BoardName) => "\"all\"",
        _ => parameter.DefaultValue.ToString(),
    };

    /// <param name="Name">Snake case, as error messages name it.</param>
    /// <param name="Type">On the wire.</param>
    /// <param name="IsOptional">May be left out or nil.</param>
    /// <param name="Default">What absence means; null where the meaning says it.</param>
    /// <param name="Meaning">In words.</param>
    internal sealed record Field(string Name, string Type, bool IsOptional, string? Default, string Meaning);
}
