using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.Backoffice.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class EditedDeadLetters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "EditedFrom",
                table: "DeadLetters",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_DeadLetters_EditedFrom",
                table: "DeadLetters",
                column: "EditedFrom",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_DeadLetters_EditedFrom",
                table: "DeadLetters");

            migrationBuilder.DropColumn(
                name: "EditedFrom",
                table: "DeadLetters");
        }
    }
}
