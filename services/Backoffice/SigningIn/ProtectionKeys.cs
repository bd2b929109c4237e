using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.SigningIn;

/// <summary>Keeps the keys that protect the cookies in the database, for restarts and other replicas. The framework's interface is synchronous.</summary>
internal sealed class ProtectionKeys(IServiceScopeFactory scopes) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<BackofficeDbContext>();
        return [.. context.ProtectionKeys.Select(key => key.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        using var scope = scopes.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<BackofficeDbContext>();
        context.Add(new ProtectionKey { Xml = element.ToString(SaveOptions.DisableFormatting) });
        context.SaveChanges();
    }
}
