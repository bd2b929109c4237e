using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.OrderService.Migrations.Postgres
{
    /// <summary>
    /// Of ids that begin alike, PostgreSQL guesses that they are as many as between two of those that it has in its statistics, where one of these begins so, too.
    /// With a hundred of them that is a hundredth of all orders: it would look for the newest of so many among all.
    /// </summary>
    public partial class FinerStatisticsOfIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("""
                ALTER TABLE "Orders" ALTER COLUMN "OrderId" SET STATISTICS 1000
                """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("""
                ALTER TABLE "Orders" ALTER COLUMN "OrderId" SET STATISTICS -1
                """);
    }
}
