using System.ComponentModel;
using System.Reflection;

namespace Swiper.Host.Options;

/// <summary>Finds keys that no option has, and values that can't be read as their option's type. The binder would stop at the first.</summary>
internal static class OptionShapes
{
    private const BindingFlags AnyCase = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    public static IEnumerable<(string Key, string Problem)> Problems(IConfigurationSection section, Type type, string prefix = "") =>
        section.GetChildren().SelectMany(child => ProblemsOf(child, type.GetProperty(child.Key, AnyCase), prefix + child.Key));

    private static IEnumerable<(string Key, string Problem)> ProblemsOf(IConfigurationSection child, PropertyInfo? property, string name)
    {
        if (property is null)
            return [(name, "no such option")];
        if (property.PropertyType.Namespace == typeof(OptionShapes).Namespace)
            return string.IsNullOrEmpty(child.Value) ? Problems(child, property.PropertyType, $"{name}:") : [(name, "has options below it and no value itself")];
        if (child.GetChildren().Any())
            return [(name, "is one value and has no options below it")];

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(string) || child.Value is null || TypeDescriptor.GetConverter(type).IsValid(child.Value)
            ? []
            : [(name, $"'{child.Value}' is {Expected(type)}")];
    }

    private static string Expected(Type type) =>
        type == typeof(bool) ? "neither true nor false"
        : type == typeof(TimeSpan) ? "no time such as 00:00:30"
        : type == typeof(int) || type == typeof(long) ? "no whole number in range"
        : $"no {type.Name}";
}
