using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace OrderSample.Backoffice.Data;

/// <summary>How it is stored who may come in, and what was done.</summary>
internal static class AccessModel
{
    private const int EnumLength = 16;
    private const int HashLength = 32;
    private const int FriendlyNameLength = 64;

    public static void AddAccess(this ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SignInLink>(link =>
        {
            link.ToTable("SignInLinks").HasKey(x => x.Id);
            link.Property(x => x.TokenHash).HasMaxLength(HashLength);
            link.HasIndex(x => x.TokenHash).IsUnique();
            link.Property(x => x.Role).HasConversion<string>().HasMaxLength(EnumLength);
            link.Property(x => x.MadeBy).HasMaxLength(OperatorAction.MaxTextLength);
            link.Property(x => x.UsedBy).HasMaxLength(OperatorAction.MaxTextLength);
        });
        modelBuilder.Entity<OperatorAction>(action =>
        {
            action.ToTable("OperatorActions").HasKey(x => x.Id);
            action.Property(x => x.Role).HasConversion<string>().HasMaxLength(EnumLength);
            action.Property(x => x.By).HasMaxLength(OperatorAction.MaxTextLength);
            action.Property(x => x.What).HasMaxLength(OperatorAction.MaxTextLength);
            action.Property(x => x.Target).HasMaxLength(OperatorAction.MaxTextLength);
            action.Property(x => x.Reason).HasMaxLength(OperatorAction.MaxTextLength);
            action.Property(x => x.Outcome).HasMaxLength(OperatorAction.MaxTextLength);
        });
        modelBuilder.Entity<DataProtectionKey>().Property(x => x.FriendlyName).HasMaxLength(FriendlyNameLength);
    }
}
