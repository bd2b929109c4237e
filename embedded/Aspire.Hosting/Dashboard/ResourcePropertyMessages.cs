using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;

namespace Aspire.Hosting.Dashboard;

/// <summary>The facts about a resource that the dashboard lists, under the names it knows.</summary>
internal static class ResourcePropertyMessages
{
    public static async Task<IEnumerable<Messages.Property>> Of(IResource resource, CustomResourceSnapshot snapshot, CancellationToken cancellationToken)
    {
        var properties = snapshot.Properties.Select(x => Property(x.Name, x.Value)).ToList();
        if (snapshot.ExitCode is { } exitCode)
            properties.Add(Property("resource.exitCode", exitCode));

        // By this name, which is that of the row, the dashboard puts it below its parent.
        if (resource is IResourceWithParent child)
            properties.Add(Property("resource.parentName", child.Parent.GetResourceIds()[0]));
        if (resource.TryGetLastAnnotation<IProjectMetadata>(out var project))
            properties.Add(Property("project.path", project.ProjectPath));
        if (resource is ExecutableResource executable)
        {
            properties.Add(Property("executable.path", executable.Command));
            properties.Add(Property("executable.workDir", executable.WorkingDirectory));
        }

        if (snapshot.State?.Text == KnownResourceStates.Running && await ValueOf(resource, cancellationToken) is { } value)
            properties.Add(value);
        return properties;
    }

    private static async Task<Messages.Property?> ValueOf(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            return resource switch
            {
                // A password is in it.
                IResourceWithConnectionString server =>
                    Property("resource.connectionString", await server.GetConnectionStringAsync(cancellationToken), isSensitive: true),
                ParameterResource parameter => Property("Value", await parameter.GetValueAsync(cancellationToken), parameter.Secret),
                _ => null,
            };
        }
        catch (MissingParameterValueException)
        {
            // Nobody has set it: there is nothing to show, and who uses it fails with a message.
            return null;
        }
    }

    private static Messages.Property Property(string name, object? value, bool isSensitive = false) => new()
    {
        Name = name,
        IsSensitive = isSensitive,
        Value = value switch
        {
            null => Value.ForNull(),
            int number => Value.ForNumber(number),
            _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture)),
        },
    };
}
