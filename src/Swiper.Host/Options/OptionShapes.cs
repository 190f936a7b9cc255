using System.ComponentModel;
using System.Reflection;

namespace Swiper.Host.Options;

/// <summary>
/// Finds unknown keys, and values that don't fit their option's type. The binder would stop at the first.
/// </summary>
internal static class OptionShapes
{
    private const BindingFlags AnyCase = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    public static IEnumerable<(string Key, string Problem)> Problems(IConfigurationSection section, Type type, string prefix = "") =>
        section.GetChildren().SelectMany(child => ProblemsOf(child, type.GetProperty(child.Key, AnyCase), prefix + child.Key));

    private static IEnumerable<(string Key, string Problem)> ProblemsOf(IConfigurationSection child, PropertyInfo? property, string name)
    {
        if (property is null)
            return [(name, "no such option")];
        if (property.PropertyType == typeof(IReadOnlyList<string>))
            return child.Value is null or "" ? ProblemsOfItems(child, name) : [(name, $"is a list: {name}:0, {name}:1, ...")];
        if (property.PropertyType.Namespace == typeof(OptionShapes).Namespace && !property.PropertyType.IsEnum)
            return string.IsNullOrEmpty(child.Value)
                ? Problems(child, property.PropertyType, $"{name}:")
                : [(name, "is a section, not a single value")];
        if (child.GetChildren().Any())
            return [(name, "is a single value, not a section")];

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var isValid = type.IsEnum ? Enum.TryParse(type, child.Value, ignoreCase: true, out _) : child.Value is not null
            && TypeDescriptor.GetConverter(type).IsValid(child.Value);
        return type == typeof(string) || child.Value is null || isValid
            ? []
            : [(name, $"'{child.Value}' is {Expected(type)}")];
    }

    // A gap would shift all that follow it.
    private static IEnumerable<(string Key, string Problem)> ProblemsOfItems(IConfigurationSection list, string name)
    {
        var keys = list.GetChildren().Select(item => item.Key).ToHashSet();
        return keys.Where(key => !int.TryParse(key, out var number) || number < 0 || number >= keys.Count)
            .Select(key => ($"{name}:{key}", "items must be numbered from 0 without gaps"));
    }

    private static string Expected(Type type) =>
        type == typeof(bool) ? "neither true nor false"
        : type == typeof(TimeSpan) ? "not a time such as 00:00:30"
        : type == typeof(int) || type == typeof(long) ? "not a whole number in range"
        : type.IsEnum ? $"not one of {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}"
        : $"not a {type.Name}";
}
