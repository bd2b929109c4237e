using System.Reflection;

namespace MassTransit.EntityFrameworkCore.Tests.Running;

/// <summary>What other code can use of an assembly, one line each.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(Of).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Of(Type type)
    {
        var name = $"{type.Namespace}.{Name(type)}";
        yield return $"{name} is {Kind(type)}";
        if (type.BaseType is { } baseType && baseType != typeof(object))
            yield return $"{name} is {Name(baseType)}";
        foreach (var contract in type.GetInterfaces().Where(x => x.Namespace!.StartsWith("MassTransit", StringComparison.Ordinal)))
            yield return $"{name} is {Name(contract)}";
        foreach (var member in type.GetMembers(Declared).Select(Describe).OfType<string>())
            yield return $"{name}: {member}";
    }

    private static string Kind(Type type) =>
        type.IsInterface ? "interface" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : "class";

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo made when IsVisible(made) => $"{Access(made)}new({Parameters(made)})",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) =>
            $"{Access(method)}{Name(method.ReturnType)} {method.Name}{Arguments(method.GetGenericArguments())}({Parameters(method)})",
        PropertyInfo property when IsVisible(property.GetMethod) || IsVisible(property.SetMethod) =>
            $"{Access((property.GetMethod ?? property.SetMethod)!)}{Name(property.PropertyType)} {property.Name} {{"
            + $"{(IsVisible(property.GetMethod) ? " get;" : "")}{(IsVisible(property.SetMethod) ? " set;" : "")} }}",
        _ => null,
    };

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true };

    private static string Access(MethodBase method) => method.IsFamily ? "protected " : "";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(x => $"{Name(x.ParameterType)} {x.Name}{(x.IsOptional ? $" = {x.DefaultValue ?? "null"}" : "")}"));

    private static string Name(Type type) =>
        type.IsArray ? $"{Name(type.GetElementType()!)}[]"
        : Nullable.GetUnderlyingType(type) is { } value ? $"{Name(value)}?"
        : $"{type.Name.Split('`')[0]}{Arguments(type.GetGenericArguments())}";

    private static string Arguments(Type[] types) => types.Length == 0 ? "" : $"<{string.Join(", ", types.Select(Name))}>";
}
